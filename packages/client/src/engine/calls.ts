// Commands that another tab or process asks for, each run once however often it is asked: what came of it is stored in the same transaction.
// Takes the id that the asker chose. Not a concern here: the channel (../sharing).

import { REMEMBERED_CALLS } from "../limits.ts";
import { type CommandArguments, type CommandName, type CommandResult, runCommand } from "./commands.ts";
import type { Transaction } from "./transaction.ts";

/** Runs a command unless it was run under this id: then gives what it gave. */
export async function runOnce<N extends CommandName>(
  tx: Transaction,
  id: string,
  name: N,
  given: CommandArguments<N>,
): Promise<CommandResult<N>> {
  const before = tx.calls.get(id);
  if (before !== undefined) return before.result as CommandResult<N>;
  const result = await runCommand(tx, name, given);
  // What changed nothing can be asked again. A hand-over only reserves a number: it is not worth keeping megabytes for.
  if (!tx.changed || name === "giveAccount") return result;
  forgetOld(tx);
  tx.calls.put({ id, at: tx.now, result: result ?? null });
  return result;
}

function forgetOld(tx: Transaction): void {
  const kept = [...tx.calls.values()].toSorted((a, b) => b.at - a.at);
  const old = kept.filter(({ at }, i) => i >= REMEMBERED_CALLS.most - 1 || at < tx.now - REMEMBERED_CALLS.forMs);
  for (const { id } of old) tx.calls.delete(id);
}
