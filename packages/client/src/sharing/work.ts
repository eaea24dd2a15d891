// What public objects ask of an account's engine, by name: commands, and waits for the relay. Takes an engine and a call; runs it there. A call
// can come from another tab or process: then it has an id, under which a command runs once. Not a concern here: who asks.

import type { Cancellable } from "../api.ts";
import { type CommandArguments, type CommandName, commands } from "../engine/commands.ts";
import type { Engine } from "../engine/engine.ts";
import { unreadable } from "./unreadable.ts";

/** What is asked for. */
export interface Call {
  readonly name: string;
  readonly given: readonly unknown[];
}

/** What changes nothing by itself. */
const waits = {
  publish: async (engine: Engine, options: Cancellable) => await engine.publish(options),
  anchored: async (engine: Engine, options: Cancellable) => await engine.anchored(options),
  caughtUp: async (engine: Engine, options: Cancellable) => await engine.caughtUp(options),
  drained: async (engine: Engine, options: Cancellable) => await engine.drained(options),
  settled: async (engine: Engine, options: Cancellable, place: unknown) => {
    if (typeof place !== "number") throw unreadable("a place is missing");
    await engine.settled(place, options);
  },
  uploadBackup: async (engine: Engine, options: Cancellable) => await engine.uploadBackup(options),
  retryNow: async (engine: Engine) => engine.retryNow(),
} as const;

/** Does what is asked for; `id`: of a call from elsewhere. `argument/invalid` for what cannot be asked. */
export async function carryOut(engine: Engine, { name, given }: Call, options: Cancellable, id?: string): Promise<unknown> {
  if (Object.hasOwn(waits, name)) return await waits[name as keyof typeof waits](engine, options, given[0]);
  if (!Object.hasOwn(commands, name)) throw unreadable("what it asks for is not known: update this app everywhere");
  const [command, all] = [name as CommandName, given as unknown as CommandArguments<CommandName>];
  return id === undefined ? await engine.run(command, ...all) : await engine.runOnce(id, command, all);
}
