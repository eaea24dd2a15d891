// QR login over a board: both directions, with and without the second code, and every way it can go wrong. Nothing of the account leaves
// its device before the right code and an approval. Time is virtual, the relay is in memory.

import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { describe, expect, test } from "vitest";
import type { Client, Device, JoinSession, JoinState, LinkMode, LinkRequest } from "../../src/api.ts";
import { MessengerError } from "../../src/errors.ts";
import { LiveValue } from "../../src/live.ts";
import type { AccountGiver, JoiningDevice, NewDevice } from "../../src/pairing/account-transfer.ts";
import { startJoin } from "../../src/pairing/join.ts";
import { offerLink, scanLink } from "../../src/pairing/link.ts";
import type { PairingContext } from "../../src/pairing/pairing-driver.ts";
import { offerSecret, takeSecret } from "../../src/pairing/secret.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { FakeRelay } from "../support/fake-relay.ts";

/** What becomes of an account that was handed over: as much of a client as a pairing looks at. */
const LINKED = { devices: { history: new LiveValue({ done: 2, total: 2 }) } } as unknown as Client;

const p = nodePrimitives();
const PAYLOAD = p.randomBytes(2_900);

/** The device that has the account, and what it was asked. */
class Giver implements AccountGiver {
  readonly relays: readonly string[];
  readonly deviceName = "phone";
  readonly exported: { device: NewDevice; mode: LinkMode }[] = [];
  readonly finished: NewDevice[] = [];
  refusal: Error | undefined;

  constructor(relay: FakeRelay) {
    this.relays = [relay.url];
  }

  async exportAccountFor(device: NewDevice, mode: LinkMode): Promise<Uint8Array> {
    const refusal = this.refusal;
    this.refusal = undefined;
    if (refusal !== undefined) throw refusal;
    this.exported.push({ device, mode });
    return PAYLOAD;
  }

  async finishLink(device: NewDevice): Promise<Device> {
    this.finished.push(device);
    return { id: "2", name: device.name, added: new Date(0), current: false } as unknown as Device;
  }
}

/** One board, two devices. */
class Stage {
  readonly relay = new FakeRelay();
  readonly clock = new VirtualClock();
  readonly giver = new Giver(this.relay);
  readonly adopted: { payload: Uint8Array; device: JoiningDevice }[] = [];
  adopt = async (payload: Uint8Array, device: JoiningDevice): Promise<Client> => {
    this.adopted.push({ payload, device });
    return LINKED;
  };

  get context(): PairingContext {
    return { primitives: p, transport: this.relay.transport, clock: this.clock };
  }

  /** Lets what is on its way arrive. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const waiting = { for: true };
    void promise.finally(() => (waiting.for = false)).catch(() => undefined);
    for (let i = 0; waiting.for && i < 200; i++) await this.clock.advance(10);
    return await promise;
  }

  join(): Promise<JoinSession> {
    return this.settle(
      startJoin(this.context, { relay: this.relay.url, deviceName: "laptop", adopt: (payload, device) => this.adopt(payload, device) }),
    );
  }

  scan(qrText: string): Promise<LinkRequest> {
    return this.settle(scanLink(this.context, this.giver, qrText));
  }

  /** What is left behind after an hour: sockets and timers. */
  async leftovers(): Promise<number> {
    await this.clock.advance(3_600_000);
    return this.relay.sockets.size + this.clock.pending;
  }
}

/** The code of a promise's rejection. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MessengerError ? error.code : `no MessengerError: ${String(error)}`;
}

const wrong = (code: string): string => ((Number(code) + 1) % 1_000_000).toString().padStart(6, "0");

/** Both devices, up to where the code is expected. */
const ways = {
  "the old device reads": async (stage: Stage) => {
    const session = await stage.join();
    const request = await stage.scan(session.qr.text);
    return { session, request, asksReply: true };
  },
  "the new device reads": async (stage: Stage) => {
    const offer = await stage.settle(offerLink(stage.context, stage.giver));
    const session = await stage.join();
    await stage.settle(session.scan(offer.qr.text));
    return { session, request: await stage.settle(offer.request), asksReply: false };
  },
  "the new device is typed to": async (stage: Stage) => {
    const offer = await stage.settle(offerLink(stage.context, stage.giver));
    const session = await stage.join();
    await stage.settle(session.scan(offer.qr.text.toLowerCase(), { typed: true }));
    return { session, request: await stage.settle(offer.request), asksReply: true };
  },
};

describe.each(Object.entries(ways))("when %s", (_, begin) => {
  test("the account arrives, once both people's codes are right", async () => {
    const stage = new Stage();
    const { session, request, asksReply } = await begin(stage);
    const states: JoinState[] = [];
    session.state.subscribe((state) => states.push(state));
    expect(request.deviceName).toBe("laptop");
    expect(request.expires.getTime()).toBeGreaterThan(stage.clock.now());
    expect(session.state.get()).toBe("confirm");
    expect(stage.giver.exported).toEqual([]);

    const code = await session.checkCode;
    expect(code).toMatch(/^\d{6}$/);
    expect(request.replyCode.get()).toBeUndefined();
    const approved = request.approve({ code: `${code.slice(0, 3)} ${code.slice(3)}`, mode: "transfer" });
    approved.catch(() => undefined);
    await stage.clock.advance(100);
    if (asksReply) {
      expect(session.state.get()).toBe("reply");
      expect(stage.adopted).toEqual([]);
      await stage.settle(session.confirm(request.replyCode.get()!));
    }
    expect(await stage.settle(approved)).toMatchObject({ name: "laptop" });
    expect(await stage.settle(session.client)).toBe(LINKED);
    expect(session.progress.get()).toEqual({ done: 2, total: 2 });

    expect(stage.adopted.map(({ payload }) => payload)).toEqual([PAYLOAD]);
    expect(stage.giver.exported).toMatchObject([{ mode: "transfer", device: { name: "laptop" } }]);
    expect(stage.giver.exported[0]!.device.key).toEqual(stage.adopted[0]!.device.keys.publicKey);
    expect(stage.giver.exported[0]!.device.registrationId).toBe(stage.adopted[0]!.device.registrationId);
    expect(stage.giver.finished.length).toBe(1);
    expect(states).toEqual(asksReply ? ["confirm", "reply", "copying", "done"] : ["confirm", "copying", "done"]);
    expect(await stage.leftovers()).toBe(0);
  });

  test("a wrong code ends it on both sides, and nothing was sent", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    const code = await session.checkCode;
    expect(await codeOf(request.approve({ code: wrong(code) }))).toBe("device/code-mismatch");
    expect(await codeOf(stage.settle(session.client))).toBe("device/code-mismatch");
    expect(session.state.get()).toBe("failed");
    expect(await codeOf(request.approve({ code }))).toBe("device/code-mismatch");
    expect(stage.giver.exported).toEqual([]);
    expect(await stage.leftovers()).toBe(0);
  });

  test("what is no code at all can be typed again", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    expect(await codeOf(request.approve({ code: "12345" }))).toBe("device/code-malformed");
    const code = await session.checkCode;
    void request.approve({ code });
    await stage.clock.advance(100);
    expect(stage.giver.exported.length).toBe(1);
  });

  test("the person at the old device may say no", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    request.deny();
    expect(await codeOf(stage.settle(session.client))).toBe("device/denied");
    expect(session.state.get()).toBe("denied");
    expect(await codeOf(request.approve({ code: await session.checkCode }))).toBe("aborted");
    expect(await stage.leftovers()).toBe(0);
  });

  test("the person at the new device may stop", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    const code = await session.checkCode;
    session.cancel();
    expect(await codeOf(session.client)).toBe("aborted");
    await stage.clock.advance(100);
    expect(await codeOf(request.approve({ code }))).toBe("device/denied");
    expect(stage.giver.exported).toEqual([]);
    expect(await stage.leftovers()).toBe(0);
  });

  test("nobody waits for ever", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    await stage.clock.advance(600_000);
    expect(session.state.get()).toMatch(/expired|failed|denied/);
    expect(await codeOf(request.approve({ code: await session.checkCode }))).toBe("device/expired");
    expect(await stage.leftovers()).toBe(0);
  });

  test("an export that fails can be tried again without the code", async () => {
    const stage = new Stage();
    const { session, request } = await begin(stage);
    const code = await session.checkCode;
    stage.giver.refusal = new MessengerError("storage/wrong-key", { reason: "passphrase-wrong" });
    expect(await codeOf(request.approve({ code, mode: "transfer" }))).toBe("storage/wrong-key");
    void request.approve({ code, mode: "transfer" });
    await stage.clock.advance(100);
    expect(stage.giver.exported.length).toBe(1);
  });

  test("an account that cannot be stored is not acknowledged", async () => {
    const stage = new Stage();
    const { session, request, asksReply } = await begin(stage);
    stage.adopt = () => Promise.reject(new MessengerError("storage/full", {}));
    const approved = codeOf(request.approve({ code: await session.checkCode }));
    await stage.clock.advance(100);
    if (asksReply) await session.confirm(request.replyCode.get()!);
    expect(await codeOf(stage.settle(session.client))).toBe("storage/full");
    expect(session.state.get()).toBe("failed");
    expect(await stage.settle(approved)).toBe("device/denied");
    expect(stage.giver.finished).toEqual([]);
    expect(await stage.leftovers()).toBe(0);
  });

  test("an account that was stored counts, even if its acknowledgement is lost", async () => {
    const stage = new Stage();
    const { session, request, asksReply } = await begin(stage);
    const adopt = stage.adopt;
    stage.adopt = async (payload, device) => {
      stage.relay.away = true;
      stage.relay.breakOff();
      return await adopt(payload, device);
    };
    const approved = codeOf(request.approve({ code: await session.checkCode }));
    await stage.clock.advance(100);
    if (asksReply) await session.confirm(request.replyCode.get()!);
    await stage.clock.advance(600_000);
    expect(await session.client).toBe(LINKED);
    expect(session.state.get()).toBe("done");
    expect(await approved).toBe("device/expired");
    expect(await stage.leftovers()).toBe(0);
  });

  test("a relay that comes and goes only delays it", async () => {
    const stage = new Stage();
    const { session, request, asksReply } = await begin(stage);
    stage.relay.loseAnswers = 2;
    stage.relay.away = true;
    stage.relay.breakOff();
    const approved = request.approve({ code: await session.checkCode });
    await stage.clock.advance(5_000);
    stage.relay.away = false;
    await stage.clock.advance(20_000);
    if (asksReply) await session.confirm(request.replyCode.get()!);
    await stage.clock.advance(20_000);
    expect(await approved).toMatchObject({ name: "laptop" });
    expect(await session.client).toBe(LINKED);
  });
});

test("a wrong second code ends it before the account is opened", async () => {
  const stage = new Stage();
  const { session, request } = await ways["the old device reads"](stage);
  const approved = codeOf(request.approve({ code: await session.checkCode }));
  await stage.clock.advance(100);
  expect(await codeOf(session.confirm("1"))).toBe("device/code-malformed");
  expect(await codeOf(session.confirm(wrong(request.replyCode.get()!)))).toBe("device/code-mismatch");
  expect(await stage.settle(approved)).toBe("device/code-mismatch");
  expect(await codeOf(session.client)).toBe("device/code-mismatch");
  expect(stage.adopted).toEqual([]);
  expect(stage.giver.finished).toEqual([]);
  expect(await stage.leftovers()).toBe(0);
});

describe("a code", () => {
  test("is taken up once: the second reader is told, the first goes on", async () => {
    const stage = new Stage();
    const session = await stage.join();
    const request = await stage.scan(session.qr.text);
    expect(await codeOf(stage.scan(session.qr.text))).toBe("device/already-used");
    const approved = request.approve({ code: await session.checkCode });
    await stage.clock.advance(100);
    await session.confirm(request.replyCode.get()!);
    expect(await stage.settle(approved)).toMatchObject({ name: "laptop" });
  });

  test("that nobody reads expires on the screen", async () => {
    const stage = new Stage();
    const session = await stage.join();
    const offer = await stage.settle(offerLink(stage.context, stage.giver));
    expect(session.expires.getTime()).toBeGreaterThan(stage.clock.now());
    await stage.clock.advance(121_000);
    expect(session.state.get()).toBe("expired");
    expect(await codeOf(session.client)).toBe("device/expired");
    expect(await codeOf(offer.request)).toBe("device/expired");
    const late = codeOf(scanLink(stage.context, stage.giver, session.qr.text));
    await stage.clock.advance(61_000);
    expect(await late).toBe("device/expired");
    await stage.clock.advance(600_000);
    expect(await codeOf(stage.scan(session.qr.text))).toBe("device/expired");
    expect(await stage.leftovers()).toBe(0);
  });

  test("of something else leaves the code on the screen as it is", async () => {
    const stage = new Stage();
    const session = await stage.join();
    for (const text of ["", "https://relay.example/#/i/abc", session.qr.text.slice(0, -9), "A".repeat(5000)]) {
      expect(await codeOf(stage.settle(session.scan(text)))).toBe("device/qr-invalid");
      expect(await codeOf(stage.scan(text))).toBe("device/qr-invalid");
    }
    expect(session.state.get()).toBe("waiting");
    await expect(stage.scan(session.qr.text)).resolves.toMatchObject({ deviceName: "laptop" });
  });

  test("of a device that wants the same is named as such", async () => {
    const stage = new Stage();
    const [one, two] = [await stage.join(), await stage.join()];
    expect(await codeOf(stage.settle(one.scan(two.qr.text)))).toBe("device/qr-invalid");
    const offer = await stage.settle(offerLink(stage.context, stage.giver));
    expect(await codeOf(stage.scan(offer.qr.text))).toBe("device/qr-invalid");
    expect(one.state.get()).toBe("waiting");
  });

  test("is not read any more once this device's own was taken up", async () => {
    const stage = new Stage();
    const session = await stage.join();
    await stage.scan(session.qr.text);
    const offer = await stage.settle(offerLink(stage.context, stage.giver));
    expect(await codeOf(stage.settle(session.scan(offer.qr.text)))).toBe("argument/invalid");
    expect(session.state.get()).toBe("confirm");
  });
});

describe("a relay that is not there", () => {
  test("is said so before a code is shown", async () => {
    const stage = new Stage();
    stage.relay.away = true;
    const starts = [
      startJoin(stage.context, { relay: stage.relay.url, deviceName: "laptop", adopt: stage.adopt }),
      offerLink(stage.context, stage.giver),
    ];
    const codes = starts.map(codeOf);
    await stage.clock.advance(10_000);
    expect(await Promise.all(codes)).toEqual(["relay/unreachable", "relay/unreachable"]);
    expect(await stage.leftovers()).toBe(0);
  });

  test("can be given up waiting for", async () => {
    const stage = new Stage();
    stage.relay.deaf = true;
    const stop = new AbortController();
    const code = codeOf(offerLink(stage.context, stage.giver, { signal: stop.signal }));
    await stage.clock.advance(10);
    stop.abort();
    expect(await code).toBe("aborted");
    expect(await codeOf(offerLink(stage.context, stage.giver, { signal: stop.signal }))).toBe("aborted");
    expect(await stage.leftovers()).toBe(0);
  });

  test("that refuses a cell for good ends the pairing with its reason", async () => {
    const stage = new Stage();
    const session = await stage.join();
    stage.relay.refuseAppend = () => new Response("no", { status: 403 });
    expect(await codeOf(stage.scan(session.qr.text))).toBe("relay/rejected");
    expect(await stage.leftovers()).toBe(0);
  });
});

describe("a secret", () => {
  const secret = new TextEncoder().encode("correct horse battery staple");

  async function hand(stage: Stage, typed: boolean) {
    const offer = await stage.settle(offerSecret(stage.context, { relay: stage.relay.url, secret, deviceName: "server" }));
    const receipt = await stage.settle(takeSecret(stage.context, offer.qr.text, { deviceName: "desk", typed }));
    return { offer, receipt, request: await stage.settle(offer.request) };
  }

  test.each([true, false])("is handed over without an account (typed: %s)", async (typed) => {
    const stage = new Stage();
    const { receipt, request } = await hand(stage, typed);
    expect(request.deviceName).toBe("desk");
    const approved = request.approve(await receipt.checkCode);
    await stage.clock.advance(100);
    if (typed) await receipt.confirm(request.replyCode.get()!);
    await stage.settle(approved);
    await request.done;
    expect(await stage.settle(receipt.secret)).toEqual(secret);
    expect(receipt.state.get()).toBe("done");
    expect(await stage.leftovers()).toBe(0);
  });

  test("is not handed over on a wrong code", async () => {
    const stage = new Stage();
    const { receipt, request } = await hand(stage, false);
    expect(await codeOf(request.approve(wrong(await receipt.checkCode)))).toBe("device/code-mismatch");
    expect(await codeOf(stage.settle(receipt.secret))).toBe("device/code-mismatch");
    expect(await codeOf(request.done)).toBe("device/code-mismatch");
  });

  test("of nothing, or of too much, is refused", async () => {
    const stage = new Stage();
    const offer = (length: number) =>
      offerSecret(stage.context, { relay: stage.relay.url, secret: new Uint8Array(length), deviceName: "a" });
    expect(await codeOf(offer(0))).toBe("message/empty");
    expect(await codeOf(offer(3_001))).toBe("message/too-large");
    await expect(stage.settle(offer(3_000))).resolves.toBeDefined();
  });

  test("and an account are not taken for each other", async () => {
    const stage = new Stage();
    const offer = await stage.settle(offerSecret(stage.context, { relay: stage.relay.url, secret, deviceName: "server" }));
    const session = await stage.join();
    await stage.settle(session.scan(offer.qr.text));
    expect(await codeOf(stage.settle(offer.request))).toBe("device/pairing-failed");
    expect(await codeOf(stage.settle(session.client))).toBe("device/denied");

    const link = await stage.settle(offerLink(stage.context, stage.giver));
    const receipt = await stage.settle(takeSecret(stage.context, link.qr.text, { deviceName: "desk" }));
    expect(await codeOf(stage.settle(link.request))).toBe("device/pairing-failed");
    expect(await codeOf(stage.settle(receipt.secret))).toBe("device/denied");
    expect(stage.giver.exported).toEqual([]);
    expect(await stage.leftovers()).toBe(0);
  });
});

test("what was on the board before is not read", async () => {
  const stage = new Stage();
  stage.relay.fill(500);
  let sent = 0;
  stage.relay.twist = (event) => {
    if (event.t === "cells") sent += event.cells.length;
    return event;
  };
  const { session, request } = await ways["the old device reads"](stage);
  expect(await session.checkCode).toMatch(/^\d{6}$/);
  expect(request.deviceName).toBe("laptop");
  expect(sent).toBeLessThan(20);
});

test("the board sees neither names nor what is handed over", async () => {
  const stage = new Stage();
  const { session, request } = await ways["the new device reads"](stage);
  const approved = request.approve({ code: await session.checkCode });
  await stage.settle(approved);
  const seen = Buffer.concat(stage.relay.cells.map(({ body }) => body));
  expect(stage.relay.cells.length).toBeGreaterThan(3);
  for (const secret of ["laptop", "phone", Buffer.from(PAYLOAD.subarray(0, 32)), await session.checkCode])
    expect(seen.includes(secret)).toBe(false);
  expect(seen.includes(Buffer.from(stage.relay.cells[0]!.body.subarray(100, 132)))).toBe(true); // the search finds what is there
});
