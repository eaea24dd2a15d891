// The field GF(2^16) with the reduction polynomial x^16 + x^12 + x^3 + x + 1 (0x1100B): addition is xor, multiplication by tables.
// Everything that is computed here travels in the open, so table lookups reveal nothing. spec/03 §9.

const POLYNOMIAL = 0x1100b;
const ORDER = 0xffff;

const exponents = new Uint16Array(2 * ORDER);
const logarithms = new Uint16Array(ORDER + 1);
{
  let power = 1;
  for (let i = 0; i < ORDER; i++) {
    exponents[i] = power;
    exponents[i + ORDER] = power;
    logarithms[power] = i;
    power <<= 1;
    if (power > ORDER) power ^= POLYNOMIAL;
  }
}

/** a x b. */
export function multiply(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return exponents[(logarithms[a] as number) + (logarithms[b] as number)] as number;
}

/** a / b; b is not zero. */
export function divide(a: number, b: number): number {
  if (a === 0) return 0;
  return exponents[(logarithms[a] as number) + ORDER - (logarithms[b] as number)] as number;
}
