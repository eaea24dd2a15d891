// The safety number as people read it aloud: twelve groups of five digits, four a line.
import type { SafetyNumber } from "@sotto/client";

/** Three indented lines. */
export function safetyNumberLines({ groups }: SafetyNumber): string[] {
  return [0, 4, 8].map((start) => `    ${groups.slice(start, start + 4).join("  ")}`);
}
