// A device as a tab: takes tasks from the conductor as calls, tells answers and reports as lines, keeps its account in the browser. Dies with
// its tab or with the browser. Takes the relay's address and the device's name from its own address.

import { createAccount, indexedDb, joinAsDevice, openAccount } from "@sotto/client/browser";
import { type AnswerLine, obey, type TaskLine } from "../lines.ts";
import { DeviceProgram } from "../program.ts";

/** How the conductor and this page speak with each other. */
export interface TabWindow {
  /** Line by line to the conductor. */
  say(line: string): Promise<void>;
  /** A task from the conductor. */
  ask(task: TaskLine): void;
}

const conductor = globalThis as unknown as TabWindow;
const given = new URLSearchParams(location.search);
const [relay, deviceName] = [given.get("relay") as string, given.get("name") as string];
const answer = (line: AnswerLine): void => void conductor.say(JSON.stringify(line));
const options = { relay, storage: indexedDb(deviceName), deviceName };
const program = new DeviceProgram({ createAccount, openAccount, joinAsDevice }, options, (ms) => AbortSignal.timeout(ms), answer);

conductor.ask = (task) => void obey(program, task, answer);
