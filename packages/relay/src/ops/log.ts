// The relay's log: one JSON object a line. What may be logged is this type and nothing else: no tag, shard, account, handle, blob or address.

/** What the relay tells its operator. */
export type LogEntry =
  | { readonly event: "listening"; readonly port: number }
  | { readonly event: "stopping" | "stopped" }
  | { readonly event: "expired"; readonly cells: number; readonly blobs: number }
  /** A bug or a broken disk: `where` is a place in our code. */
  | { readonly event: "failed"; readonly where: string; readonly code: string };

/** Takes an entry. */
export type Log = (entry: LogEntry) => void;

/** Writes entries as lines. */
export function jsonLog(write: (line: string) => void, now: () => number): Log {
  return (entry) => write(`${JSON.stringify({ time: new Date(now()).toISOString(), ...entry })}\n`);
}

/** What may be told of an unexpected error: its kind, never its message (which could quote a request). */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
}
