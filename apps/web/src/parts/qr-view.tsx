// A QR code as one SVG path, dark on white with its quiet zone in both colour schemes, because cameras expect it so.

import type { Qr } from "@sotto/client";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

const QUIET = 4;

/** Draws `qr`; `label` says what scanning it does. */
export function QrView({ qr, label }: { qr: Pick<Qr, "matrix" | "text">; label: string }): JSX.Element {
  const { path, size } = useMemo(() => {
    const matrix = qr.matrix();
    return { path: pathOf(matrix), size: matrix.length + 2 * QUIET };
  }, [qr.text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} class="qr-paper" />
      <path d={path} class="qr-ink" />
    </svg>
  );
}

/** The dark modules as horizontal runs: an SVG path in module units. */
export function pathOf(matrix: readonly (readonly boolean[])[]): string {
  let path = "";
  for (const [y, row] of matrix.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x++;
      path += `M${start + QUIET} ${y + QUIET}h${x - start + 1}v1h-${x - start + 1}z`;
    }
  }
  return path;
}
