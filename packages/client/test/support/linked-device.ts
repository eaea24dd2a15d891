// Linking a device as people do it: one reads the code that the other shows, and each types what the other says. Not a concern here: where the
// devices live.

import type { Client, Device, JoinSession, LinkMode } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import type { TestRelay } from "../../src/testing/node.ts";

/** The old device reads what the new one shows, and every code is typed as it is. Gives what the old one's approval comes to. */
export async function link(
  session: JoinSession,
  { devices }: Client,
  mode: LinkMode = "link",
): Promise<{ readonly approved: Promise<Device> }> {
  const request = await devices.scan(session.qr.text);
  const code = await session.checkCode;
  const confirm = (): void => {
    const reply = request.replyCode.get();
    if (session.state.get() === "reply" && reply !== undefined) void session.confirm(reply);
  };
  session.state.subscribe(confirm);
  request.replyCode.subscribe(confirm);
  return { approved: request.approve({ code, mode }) };
}

/** Another device of an account on a test relay. */
export async function linkedDevice(relay: TestRelay, of: Client): Promise<Client> {
  const session = await relay.sdk.joinAsDevice({ relay: relay.url, storage: memory() });
  const { approved } = await link(session, of);
  const [client] = await Promise.all([session.client, approved]);
  await relay.advance(0);
  return client;
}
