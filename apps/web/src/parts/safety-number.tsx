// A safety number as 12 groups of 5 digits, in a grid that two people can read to each other.

import type { SafetyNumber } from "@sotto/client";
import type { JSX } from "preact";

/** The groups, three in a line. */
export function SafetyNumberView({ number }: { number: SafetyNumber }): JSX.Element {
  return (
    <ol class="safety-number" aria-label="Safety number, twelve groups of five digits" dir="ltr">
      {number.groups.map((group, index) => (
        <li key={index}>{group}</li>
      ))}
    </ol>
  );
}
