// An in-memory stand-in for @sotto/client, to look at the screens without a relay (`vite --mode demo`). It keeps nothing and encrypts
// nothing. `?people=3&messages=400&requests=2&device=old&connection=offline` in the address bar choose what is there.

import type * as Api from "@sotto/client";
import { MessengerError } from "../../../../packages/client/src/errors.ts";
import { LiveValue } from "../../../../packages/client/src/live.ts";
import { demoQr, HISTORY, LONG, PHRASE } from "./material.ts";

export { MessengerError };
export type * from "../../../../packages/client/src/api.ts";
export type { ErrorCode } from "../../../../packages/client/src/errors.ts";

const wanted = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(wanted.get(name) ?? otherwise);
const id = <T extends string>(text: string): T => text as T;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const GROUPS = ["04512", "77310", "90284", "11937", "56003", "28841", "63190", "00725", "48116", "92057", "31640", "85529"];
const SAFETY: Api.SafetyNumber = { digits: GROUPS.join(""), groups: GROUPS, qr: demoQr("SOTTO1SAFETY".repeat(9)) };

export const listAccounts: Api.ListAccounts = async () => {
  return wanted.has("people") ? [{ id: id("sotto1me"), name: "Robin" }] : [];
};
export const loadEverything = async (): Promise<void> => undefined;
export const openAccount: Api.OpenAccount = async () => {
  if (wanted.get("open") === "locked") throw new MessengerError("storage/locked", {});
  return demoClient("Robin");
};
export const createAccount: Api.CreateAccount = async ({ name }) => demoClient(name ?? "Robin");
export const restoreAccount: Api.RestoreAccount = async (phrase) => {
  await wait(300);
  if (phrase.includes("zoo zoo")) throw new MessengerError("phrase/bad-checksum", {});
  return demoClient("Robin");
};

function demoBackups(): Api.Backups {
  const status = new LiveValue<Api.BackupStatus>(
    wanted.has("backup") ? { every: 7 * 86_400_000, last: new Date(Date.now() - 3_600_000), bytes: 2_400_000 } : {},
  );
  return {
    status,
    export: () => new Blob([new Uint8Array(300_000)]).stream(),
    import: async (from) => {
      await wait(600);
      if (from === "relay" && wanted.get("backup") === "none") throw new MessengerError("backup/not-found", {});
      return { messages: 1_234 };
    },
    schedule: async (plan) => {
      await wait(300);
      status.set(plan === null ? {} : { every: 7 * 86_400_000, last: new Date(), bytes: 2_400_000 });
    },
    upload: async () => await wait(600),
  };
}

/** Marks what is not a word of PHRASE. */
export function checkWords(text: string): { word: string; known: boolean; suggestions: readonly string[] }[] {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).map((word) => {
    const known = PHRASE.includes(word);
    return { word, known, suggestions: known ? [] : PHRASE.filter((other) => other.startsWith(word.slice(0, 2))).slice(0, 3) };
  });
}

export const joinAsDevice: Api.JoinAsDevice = async () => {
  const state = new LiveValue<Api.JoinState>("waiting");
  const code = Promise.withResolvers<string>();
  const client = Promise.withResolvers<Api.Client>();
  const on = async (): Promise<void> => {
    state.set("scanned");
    await wait(600);
    code.resolve("482913");
    state.set("confirm");
    await wait(number("confirm", 4000));
    state.set("reply");
  };
  if (wanted.get("join") === "expired") setTimeout(() => client.reject(new MessengerError("device/expired", {})), 500);
  if (wanted.get("join") === "confirm") void on();
  return {
    qr: demoQr("SOTTO1PAIRING".repeat(12)),
    expires: new Date(Date.now() + 119_000),
    state,
    checkCode: code.promise,
    scan: async (text) => {
      if (!text.startsWith("SOTTO")) throw new MessengerError("device/qr-invalid", { reason: "it is something else" });
      void on();
    },
    confirm: async () => {
      state.set("copying");
      await wait(500);
      client.resolve(demoClient("Robin"));
    },
    client: client.promise,
    progress: new LiveValue<Api.Progress>({ done: 0, total: 0 }),
    cancel: () => state.set("denied"),
  };
};

function demoClient(name: string): Api.Client {
  const listeners = new Map<string, Set<(value: never) => void>>();
  const emit = (event: string, value: unknown): void => listeners.get(event)?.forEach((listener) => listener(value as never));
  const on: Api.Client["on"] = (event, listener, options) => {
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set.add(listener as never));
    const off = (): void => void set.delete(listener as never);
    options?.signal?.addEventListener("abort", off);
    return off;
  };
  const profile = new LiveValue<Api.Profile>({ name });
  const people = ["Anna Lindqvist", "Élise", "محمد", "Bo", "Ōe Kenzaburō"].slice(0, number("people", 0));
  const contacts = new LiveValue<readonly Api.Contact[]>([]);
  const conversations = new LiveValue<readonly Api.Conversation[]>([]);

  const addConversation = (who: string | undefined, count: number): Api.Conversation => {
    const key = id<Api.ConversationId>(who === undefined ? "notes" : `c-${who}`);
    const state = new LiveValue<Api.ConversationState>({
      name: who ?? "Note to self",
      unread: 0,
      draft: "",
      pinned: false,
      archived: false,
      muted: false,
      trust: who === "Bo" ? "verified" : "unverified",
      phase: "open",
    });
    const streams = new Set<(message: Api.Message) => void>();
    const messages: Api.Message[] = [];
    const add = (text: string, mine: boolean, sentAt: Date, status: Api.Status): Api.Message => {
      const sender = { id: id<Api.ContactId>(mine ? "sotto1me" : `p-${who}`), name: mine ? name : (who ?? name) };
      const index = messages.length;
      const message: Api.Message = {
        id: id(`${key}-${index}`),
        cursor: id(`${index}`),
        position: String(index).padStart(15, "0"),
        conversation,
        sender,
        mine,
        sentAt,
        unread: false,
        content: { type: "text", text },
        text,
        status,
        sent: Promise.resolve(),
        retry: async () => undefined,
      };
      messages.push(message);
      state.set({ ...state.get(), lastMessage: message, unread: mine ? 0 : state.get().unread });
      streams.forEach((push) => push(message));
      return message;
    };
    const update = (message: Api.Message, status: Api.Status): void => {
      const next = { ...message, status };
      messages[messages.findIndex((each) => each.id === message.id)] = next;
      state.set({ ...state.get(), lastMessage: next });
      emit("update", { message: next, kind: "status" });
    };
    const page = (end: number, limit: number): Api.Page<Api.Message> => ({
      items: messages.slice(Math.max(0, end - limit), end),
      before: async (more = 50) => (await wait(50), end - limit > 0 ? page(end - limit, more) : undefined),
      after: async () => undefined,
    });
    const contact: Api.Contact | undefined =
      who === undefined
        ? undefined
        : {
            id: id(`p-${who}`),
            name: who,
            get trust() {
              return state.get().trust;
            },
            rename: async () => undefined,
            conversation: async () => conversation,
            safetyNumber: async () => SAFETY,
            verifyScan: async () => "match",
            setVerified: async (verified) => {
              state.set({ ...state.get(), trust: verified ? "verified" : "unverified" });
              contacts.set([...contacts.get()]);
            },
          };
    const conversation: Api.Conversation = {
      id: key,
      kind: who === undefined ? "notes" : "direct",
      ...(contact === undefined ? {} : { contact }),
      state,
      send: async (text) => {
        if (text.length > 4000) throw new MessengerError("message/too-large", { limit: 4000, size: text.length });
        const message = add(text, true, new Date(), { state: "queued" });
        setTimeout(() => update(message, { state: "sent", at: new Date() }), 400);
        setTimeout(() => update({ ...message }, { state: "delivered", at: new Date() }), 1200);
        if (text.startsWith("echo "))
          setTimeout(() => emit("message", add(text.slice(5), false, new Date(), { state: "sent", at: new Date() })), 1500);
        return message;
      },
      messages: (options) => stream(streams, options?.signal),
      history: async ({ limit = 50 } = {}) => page(messages.length, limit),
      markRead: async () => state.set({ ...state.get(), unread: 0 }),
      setDraft: async (draft) => state.set({ ...state.get(), draft }),
      update: async ({ muted, ...change }) => {
        state.set({ ...state.get(), ...change, ...(muted === undefined ? {} : { muted: muted !== false }) });
        conversations.set(conversations.get().toSorted((a, b) => Number(b.state.get().pinned) - Number(a.state.get().pinned)));
        emit("conversation", { conversation, kind: "changed" });
      },
    };
    for (let n = 0; n < count; n++) {
      const line = HISTORY[n % HISTORY.length] ?? { mine: true, text: "", gap: 1 };
      const sentAt = new Date(Date.now() - (count - n) * line.gap * 60_000);
      const failed: Api.Status = { state: "failed", error: new MessengerError("send/failed", { attempts: 5 }) };
      add(
        n === 6 ? LONG : line.text,
        line.mine,
        sentAt,
        n === count - 2 && wanted.has("failed") ? failed : { state: n > count - 3 ? "sent" : "delivered", at: sentAt },
      );
    }
    if (who === "Élise") state.set({ ...state.get(), unread: number("unread", 3) });
    if (contact !== undefined) contacts.set([...contacts.get(), contact]);
    conversations.set([...conversations.get(), conversation]);
    return conversation;
  };
  people.forEach((who) => addConversation(who, number("messages", 40)));

  const invites = new LiveValue<readonly Api.Invite[]>([]);
  const requests = new LiveValue<readonly Api.ContactRequest[]>([]);
  const dropRequest = (gone: string): void => requests.set(requests.get().filter((request) => request.id !== gone));
  requests.set(
    ["Sam", "Kim from the library"].slice(0, number("requests", 0)).map((from) => ({
      id: id<Api.ContactId>(`r-${from}`),
      from: { name: from },
      received: new Date(),
      accept: async () => (dropRequest(`r-${from}`), addConversation(from, 1)),
      decline: async () => dropRequest(`r-${from}`),
    })),
  );
  const device = (n: string, current: boolean, days: number): Api.Device => ({
    id: id(n),
    name: n,
    current,
    added: new Date(Date.now() - days * 86_400_000),
  });
  const devices = new LiveValue<readonly Api.Device[]>(
    wanted.get("device") === "old"
      ? [device("Firefox on Linux", true, 9), device("Chrome on Android", false, 1)]
      : [device("Firefox on Linux", true, 9)],
  );
  const recovery = new LiveValue<"linked" | "unseen" | "seen" | "confirmed">("unseen");
  const address = new LiveValue<{ published: boolean; handle?: string }>({ published: false });
  const linkRequest = (): Api.LinkRequest => {
    const replyCode = new LiveValue<string | undefined>(undefined);
    return {
      deviceName: "Safari on iPhone",
      expires: new Date(Date.now() + 90_000),
      replyCode,
      deny: () => undefined,
      approve: async ({ code }) => {
        await wait(400);
        if (code === "000000") throw new MessengerError("device/code-mismatch", {});
        replyCode.set("730155");
        await wait(number("approve", 3000));
        const added = device("Safari on iPhone", false, 0);
        devices.set([...devices.get(), added]);
        return added;
      },
    };
  };
  const preview = async (text: string | URL): Promise<Api.InvitePreview> => {
    await wait(200);
    if (!String(text).includes("#/i/")) throw new MessengerError("invite/invalid", { reason: "this is not an invite link" });
    return {
      kind: "direct",
      name: "Anna Lindqvist",
      id: id("p-Anna"),
      expires: new Date(Date.now() + 6 * 86_400_000),
      relay: new URL(location.origin),
    };
  };
  const client: Api.Client = {
    id: id("sotto1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    profile,
    connection: new LiveValue<Api.Connection>(
      wanted.get("connection") === "offline"
        ? { state: "offline", reason: "no-network" }
        : { state: "online", since: new Date(), relay: new URL(location.origin) },
    ),
    conversations: {
      list: conversations,
      get: async (which) => conversations.get().find((each) => each.id === which),
      notes: async () => conversations.get().find(({ kind }) => kind === "notes") ?? addConversation(undefined, 0),
    },
    backups: demoBackups(),
    contacts: { list: contacts, requests, get: async (which) => contacts.get().find((each) => each.id === which) },
    invites: {
      list: invites,
      create: async () => {
        await wait(300);
        const url = `${location.origin}/#/i/AQxyY29uc2lkZXIgdGhpcyBhIHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVzIGFuZCBhIHJlbGF5${invites.get().length}`;
        const invite: Api.Invite = {
          id: `i${invites.get().length}`,
          url,
          qr: demoQr(url),
          expires: new Date(Date.now() + 7 * 86_400_000 + invites.get().length),
          usesLeft: 1,
        };
        invites.set([...invites.get(), invite]);
        return invite;
      },
      preview,
      accept: async () => (await wait(200), addConversation("Anna", 0)),
    },
    address: {
      state: address,
      publish: async ({ handle } = {}) => {
        if (handle === "alice") throw new MessengerError("address/handle-taken", { handle });
        address.set(handle === undefined ? { published: true } : { published: true, handle });
      },
      find: async (who) => {
        await wait(200);
        if (who === "@nobody") throw new MessengerError("address/not-found", {});
        return {
          id: id("sotto1zg69w7y6hn0aqy352euf40x77qdd8"),
          ...(who.startsWith("@") ? { handle: who.slice(1) } : {}),
          safetyNumber: SAFETY,
          conversation: async () => addConversation(who, 0),
        };
      },
    },
    relays: {
      list: new LiveValue([
        { url: new URL(location.origin), home: true, connection: { state: "online", since: new Date(), relay: new URL(location.origin) } },
      ]),
      set: async () => await wait(300),
    },
    devices: {
      list: devices,
      history: new LiveValue<Api.Progress>({ done: 0, total: 0 }),
      scan: async (text) => {
        if (!text.startsWith("SOTTO")) throw new MessengerError("device/qr-invalid", { reason: "it is something else" });
        return linkRequest();
      },
      rename: async () => undefined,
      revoke: async (gone) => devices.set(devices.get().filter((one) => one.id !== gone)),
      offer: async () => ({
        qr: demoQr("SOTTO1OFFER".repeat(14)),
        expires: new Date(Date.now() + 120_000),
        request: wanted.get("device") === "asks" ? wait(1500).then(linkRequest) : new Promise(() => undefined),
        cancel: () => undefined,
      }),
    },
    recovery: {
      status: recovery,
      questions: new LiveValue<readonly never[]>([]),
      renewDevice: async () => undefined,
      reveal: async () => (recovery.set("seen"), { words: PHRASE }),
      challenge: async () => ({
        positions: [3, 11, 20],
        answer: async (words) => [3, 11, 20].every((n, i) => words[i] === PHRASE[n - 1]) && (recovery.set("confirmed"), true),
      }),
    },
    messages: () => stream(new Set(), undefined),
    on,
    updateProfile: async (change) => profile.set({ ...profile.get(), ...change }),
    sync: async () => undefined,
    close: async () => undefined,
    erase: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  Object.assign(globalThis, { demo: { client, emit, MessengerError } });
  return client;
}

async function* stream(
  streams: Set<(message: Api.Message) => void>,
  ended: AbortSignal | undefined,
): AsyncGenerator<Api.Message, undefined> {
  const waiting: Api.Message[] = [];
  let wake = (): void => undefined;
  const push = (message: Api.Message): void => (waiting.push(message), wake());
  streams.add(push);
  ended?.addEventListener("abort", () => wake());
  try {
    for (;;) {
      if (ended?.aborted === true) return undefined;
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    streams.delete(push);
  }
}
