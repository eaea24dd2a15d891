// Another device of an account on a test relay, linked as people do it. Not a concern here: what is linked with a phrase.

import type { Client } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import type { TestRelay } from "../../src/testing/node.ts";

/** Another device of an account, linked by a code on the screen. */
export async function linkedDevice(relay: TestRelay, { devices }: Client): Promise<Client> {
  const session = await relay.sdk.joinAsDevice({ relay: relay.url, storage: memory() });
  const request = await devices.scan(session.qr.text);
  const code = await session.checkCode;
  const confirm = (): void => {
    const reply = request.replyCode.get();
    if (session.state.get() === "reply" && reply !== undefined) void session.confirm(reply);
  };
  session.state.subscribe(confirm);
  request.replyCode.subscribe(confirm);
  const [client] = await Promise.all([session.client, request.approve({ code })]);
  await relay.advance(0);
  return client;
}
