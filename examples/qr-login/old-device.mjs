// The device that has the account. Shows a code, asks for the digits of the new device, hands the account over.
import { createInterface } from "node:readline/promises";
import { createAccount, memory } from "@sotto/client";

const relay = process.env.SOTTO_RELAY ?? "http://localhost:8787";
const terminal = createInterface({ input: process.stdin, output: process.stdout });

await using phone = await createAccount({ relay, name: "Alice", storage: memory(), deviceName: "Phone" });
await (await phone.conversations.notes()).send("written before there was a desktop");

const offer = await phone.devices.offer();
console.log(`${offer.qr.terminal()}\n${offer.qr.text}\n`);

const request = await offer.request;
request.replyCode.subscribe((code) => code !== undefined && console.log(`Type this on the new device: ${code}`));
const code = await terminal.question(`Six digits that ${request.deviceName} shows: `);
const device = await request.approve({ code });
console.log(`${device.name} is linked`);
terminal.close();
