// What this browser remembers about the app itself (how often it was opened, which reminders were put away): a few numbers in
// localStorage. Nothing about people or messages is ever put here. A browser that refuses localStorage just forgets.

export interface Preferences {
  /** How often the account was opened here. */
  opened: number;
  /** How many messages were sent from here. */
  sent: number;
  /** The reminder to keep the 24 words was put away. */
  wordsLater: boolean;
  /** Devices that the person has taken note of. */
  knownDevices: readonly string[];
}

const PLACE = "sotto.preferences";
const DEFAULTS: Preferences = { opened: 0, sent: 0, wordsLater: false, knownDevices: [] };

/** What is remembered; anything malformed counts as never written. */
export function readPreferences(from: Pick<globalThis.Storage, "getItem"> = localStorage): Preferences {
  try {
    return parsePreferences(from.getItem(PLACE));
  } catch {
    return DEFAULTS;
  }
}

/** Changes what is remembered and returns the whole. */
export function remember(change: Partial<Preferences>): Preferences {
  const next = { ...readPreferences(), ...change };
  try {
    localStorage.setItem(PLACE, JSON.stringify(next));
  } catch {
    // Private windows of some browsers refuse; the reminder then comes again, no more.
  }
  return next;
}

/** Forgets everything. */
export function forgetPreferences(): void {
  try {
    localStorage.removeItem(PLACE);
  } catch {
    // There was nothing to forget.
  }
}

/** When to remind of the 24 words: from the second opening or the tenth message on, until they are confirmed or it is put away. */
export function remindsOfWords(preferences: Preferences, status: "linked" | "unseen" | "seen" | "confirmed"): boolean {
  if (status === "linked" || status === "confirmed" || preferences.wordsLater) return false;
  return preferences.opened >= 2 || preferences.sent >= 10;
}

/** Reads stored text; exported for its test. */
export function parsePreferences(text: string | null): Preferences {
  if (text === null) return DEFAULTS;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return DEFAULTS;
  }
  if (typeof found !== "object" || found === null) return DEFAULTS;
  const { opened, sent, wordsLater, knownDevices } = found as Record<string, unknown>;
  return {
    opened: count(opened),
    sent: count(sent),
    wordsLater: wordsLater === true,
    knownDevices: Array.isArray(knownDevices) ? knownDevices.filter((id) => typeof id === "string").slice(0, 100) : [],
  };
}

const count = (value: unknown): number => (typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0);
