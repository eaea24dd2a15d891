// The new device. Asks for the code of the old one, shows six digits, and has the account.
import { createInterface } from "node:readline/promises";
import { joinAsDevice, memory } from "@sotto/client";

const relay = process.env.SOTTO_RELAY ?? "http://localhost:8787";
const terminal = createInterface({ input: process.stdin, output: process.stdout });

const join = await joinAsDevice({ relay, storage: memory(), deviceName: "Desktop" });
await join.scan(await terminal.question("The code's text: "), { typed: true });
console.log(`Type this on the old device: ${await join.checkCode}`);

join.state.subscribe(async (state) => {
  if (state === "reply") await join.confirm(await terminal.question("Six digits that the old device shows: "));
});
await using desktop = await join.client;
terminal.close();

console.log(`This is ${desktop.profile.get().name}'s account now. Its notes:`);
for (const note of (await (await desktop.conversations.notes()).history()).items) console.log(`  ${note.text}`);
await desktop.sync();
