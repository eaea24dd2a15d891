// Texts that can be told apart: each begins with its number, and some are long. Not a concern here: who writes them.

/** The text with a number; every seventh is long. */
export function textOf(number: number): string {
  return `#${number} ${"and so on ".repeat(number % 7 === 0 ? 200 : 1)}`;
}

/** The number of a text, or -1 for a text that nobody wrote. */
export function numberIn(text: string): number {
  const number = Number(/^#(\d+) /.exec(text)?.[1]);
  return text === textOf(number) ? number : -1;
}
