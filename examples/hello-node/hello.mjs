import { createAccount } from "@sotto/client";
const relay = "ws://localhost:8787";
const alice = await createAccount({ relay, name: "Alice" });
const bob = await createAccount({ relay, name: "Bob" });
const invite = await alice.invites.create();          // link or QR, single use
const chat = await bob.invites.accept(invite.url);    // works while Alice is offline
await chat.send("hello world");                       // resolves in the outbox; await m.sent for the relay
for await (const m of alice.messages()) { console.log(`${m.sender.name}: ${m.text}`); break; }

// A program that is at its end lets go of its accounts.
await Promise.all([alice.close(), bob.close()]);
