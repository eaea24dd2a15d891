// What a run proves: compares what devices were asked to send and had promised with what every device of both people holds and has shown.
// Pure, so that its own failures can be tried out. Takes sends, holdings and showings; gives findings, none if all is well.

/** A send as it was asked of a device; numbers grow in the order of asking. */
export interface Send {
  readonly number: number;
  readonly conversation: string;
  readonly device: string;
  /** The device said that it is safe in the outbox. */
  readonly promised: boolean;
}

/** A conversation as one device holds it at the end. */
export interface Holding {
  readonly device: string;
  readonly conversation: string;
  /** Oldest first; -1 for what nobody wrote. */
  readonly history: readonly number[];
}

/** Everything a device has shown over all its lives, in the order of showing. */
export interface Showing {
  readonly device: string;
  readonly numbers: readonly number[];
}

/** A device's view of what its account's devices must agree on. */
export interface AccountView {
  readonly person: string;
  readonly device: string;
  readonly digest: string;
}

/** What is judged. */
export interface Outcome {
  readonly sends: readonly Send[];
  readonly holdings: readonly Holding[];
  readonly showings: readonly Showing[];
  readonly views: readonly AccountView[];
}

/** One thing that is wrong. */
export interface Finding {
  readonly kind: "lost" | "repeated" | "out of order" | "unequal" | "strayed" | "unexplained";
  readonly device: string;
  readonly what: string;
  /** The message in question, if it is about one. */
  readonly number?: number;
}

/** Letters that are told of a difference, before it and after it. */
const AROUND = 60;

/** Everything that is wrong. */
export function judge({ sends, holdings, showings, views }: Outcome): readonly Finding[] {
  const byConversation = Map.groupBy(holdings, ({ conversation }) => conversation);
  const findings: Finding[] = [];
  for (const [conversation, copies] of byConversation) {
    const sent = sends.filter((send) => send.conversation === conversation);
    findings.push(...copies.flatMap((copy) => [...losses(sent, copy, copies), ...repetitions(copy.device, copy.history)]));
    findings.push(...copies.flatMap((copy) => [...strays(sent, copy), ...disorder(sent, copy)]), ...otherOrders(copies));
  }
  for (const { device, numbers } of showings) {
    findings.push(...repetitions(device, numbers).map((finding) => ({ ...finding, what: `${finding.what} on the screen` })));
    findings.push(...unshown(device, numbers, holdings));
  }
  return [...findings, ...differences(views)];
}

/** What was promised is everywhere; what was not is everywhere or nowhere. */
function losses(sent: readonly Send[], copy: Holding, copies: readonly Holding[]): readonly Finding[] {
  const held = new Set(copy.history);
  const anywhere = new Set(copies.flatMap(({ history }) => history));
  return sent
    .filter(({ number, promised }) => !held.has(number) && (promised || anywhere.has(number)))
    .map(({ number, promised }) => {
      const what = promised ? "promised, and is not there" : "not promised, but others have it";
      return { kind: "lost", device: copy.device, number, what: `${copy.conversation}: ${what}` };
    });
}

function repetitions(device: string, numbers: readonly number[]): readonly Finding[] {
  const seen = new Set<number>();
  return numbers.flatMap((number) => {
    if (!seen.has(number)) return (seen.add(number), []);
    return [{ kind: "repeated", device, number, what: "is there twice" } as const];
  });
}

function strays(sent: readonly Send[], { device, conversation, history }: Holding): readonly Finding[] {
  const known = new Set(sent.map(({ number }) => number));
  return history
    .filter((number) => !known.has(number))
    .map((number) => ({ kind: "strayed", device, number, what: `${conversation}: nobody sent this here` }));
}

/** What one device sent is in the order in which it was sent. */
function disorder(sent: readonly Send[], { device, conversation, history }: Holding): readonly Finding[] {
  const sender = new Map(sent.map((send) => [send.number, send.device]));
  const newest = new Map<string, number>();
  return history.flatMap((number) => {
    const from = sender.get(number);
    if (from === undefined) return [];
    const before = newest.get(from) ?? -1;
    newest.set(from, Math.max(before, number));
    if (number >= before) return [];
    return [{ kind: "out of order", device, number, what: `${conversation}: comes after #${before} of the same device` } as const];
  });
}

/** Every device has the same order. */
function otherOrders([first, ...others]: readonly Holding[]): readonly Finding[] {
  return others.flatMap(({ device, conversation, history }) => {
    const place = history.findIndex((number, i) => number !== first?.history[i]);
    const number = history[place];
    if (first === undefined || number === undefined || place >= first.history.length) return [];
    const what = `${conversation}: is in place ${place}, where ${first.device} has #${first.history[place]}`;
    return [{ kind: "out of order", device, number, what } as const];
  });
}

/** Whatever a device holds, it has shown. */
function unshown(device: string, numbers: readonly number[], holdings: readonly Holding[]): readonly Finding[] {
  const shown = new Set(numbers);
  const held = holdings.filter((holding) => holding.device === device).flatMap(({ history }) => history);
  return held.filter((number) => !shown.has(number)).map((number) => ({ kind: "lost", device, number, what: "was never shown" }));
}

/** The devices of a person agree. */
function differences(views: readonly AccountView[]): readonly Finding[] {
  return [...Map.groupBy(views, ({ person }) => person).values()].flatMap(([first, ...others]) =>
    others
      .filter(({ digest }) => digest !== first?.digest)
      .map(({ device, digest }) => ({ kind: "unequal", device, what: `${difference(digest, first?.digest ?? "")} (${first?.device})` })),
  );
}

/** Where two texts part. */
function difference(one: string, other: string): string {
  const place = [...one].findIndex((letter, i) => letter !== other[i]);
  const around = (text: string): string => text.slice(Math.max(0, place - AROUND), place + AROUND);
  return `…${around(one)}… is not …${around(other)}…`;
}
