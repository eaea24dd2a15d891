// Six digits: shown in two groups of three, or typed in one field (a paste, a space or a dash between them is fine).

import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** Six digits to read off. */
export function DigitsShown({ digits, label }: { digits: string; label: string }): JSX.Element {
  return (
    <p class="digits-shown" aria-label={`${label}: ${digits.split("").join(" ")}`} role="status" data-digits={digits}>
      <span aria-hidden="true">{digits.slice(0, 3)}</span>
      <span aria-hidden="true">{digits.slice(3)}</span>
    </p>
  );
}

/** A field for six digits; `onInput` gets at most six digits and nothing else. */
export function DigitsField(props: { label: string; value: string; disabled?: boolean; onInput: (digits: string) => void }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <input
        id={id}
        class="input digits"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={11}
        disabled={props.disabled}
        value={grouped(props.value)}
        onInput={(event) => {
          const digits = digitsOf(event.currentTarget.value);
          event.currentTarget.value = grouped(digits);
          props.onInput(digits);
        }}
      />
    </div>
  );
}

/** The first six decimal digits in a text, whatever stands between them; digits of other scripts count. */
export function digitsOf(text: string): string {
  let digits = "";
  for (const char of text.normalize("NFKC")) {
    if (/\p{Nd}/u.test(char)) digits += digitValue(char);
    if (digits.length === 6) break;
  }
  return digits;
}

const grouped = (digits: string): string => (digits.length > 3 ? `${digits.slice(0, 3)} ${digits.slice(3)}` : digits);

/** The value of a decimal digit: Unicode keeps the ten of each script together, in order. */
function digitValue(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}
