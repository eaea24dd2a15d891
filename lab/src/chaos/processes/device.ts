// A device as a process of its own: reads tasks as lines from stdin, writes answers and reports as lines to stdout, keeps its account in a
// file. Dies by SIGKILL. Takes the relay's address, the file, and the device's name as arguments.

import { createInterface } from "node:readline";
import { createAccount, joinAsDevice, openAccount, sqliteFile } from "@sotto/client";
import { type AnswerLine, obey, type TaskLine } from "../lines.ts";
import { DeviceProgram } from "../program.ts";

const [relay, file, deviceName] = process.argv.slice(2) as [string, string, string];
const answer = (line: AnswerLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const options = { relay, storage: sqliteFile(file), deviceName };
const program = new DeviceProgram({ createAccount, openAccount, joinAsDevice }, options, (ms) => AbortSignal.timeout(ms), answer);

for await (const line of createInterface({ input: process.stdin })) void obey(program, JSON.parse(line) as TaskLine, answer);
