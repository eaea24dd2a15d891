// The icons, drawn inline: one stroke, 24 x 24, the colour of the text around. They are decoration; the control they stand in has the label.

import type { JSX } from "preact";

const PATHS = {
  add: "M12 5v14M5 12h14",
  archive: "M4 5h16v4H4zM5.5 9v10h13V9M10 13h4",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  camera:
    "M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM12 16a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  devices: "M4 6h11v8H4zM2.5 17H15M17.5 9H21v9.5h-3.5z",
  door: "M14 4H6v16h8M10.5 12H20M16.5 8.5L20 12l-3.5 3.5",
  down: "M12 5v13M6.5 12.5L12 18l5.5-5.5",
  info: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 11.5v4.5M12 8.2v.1",
  invite: "M10 13.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-.8.8M14 10.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l.8-.8",
  more: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  muted: "M6.5 16.5v-5a5.5 5.5 0 0 1 8-4.9M17.4 10.4c.1.4.1.7.1 1.1v5H8M10.5 19.5a1.7 1.7 0 0 0 3 0M4.5 19.5l15-15",
  next: "M9 5l7 7-7 7",
  note: "M6 4h12v16H6zM9.5 9h5M9.5 13h5",
  pen: "M5 19l.8-3.5L16 5.3l2.7 2.7L8.5 18.2z",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.6-3.7 3.4-5.5 7-5.5s6.4 1.8 7 5.5",
  pin: "M9 4h6l-.7 6.5 3.2 3.5h-11l3.2-3.5zM12 14v6",
  scan: "M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15M4 12h16",
  search: "M10.8 17.3a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  send: "M4.5 12L19.5 5l-4 14.5-4-6z",
  share: "M12 15V4M8 7.5L12 4l4 3.5M5 13v6.5h14V13",
  shield: "M12 3.5l7 2.5v5.5c0 4.3-2.9 7.3-7 9-4.1-1.7-7-4.7-7-9V6zM8.8 12l2.3 2.3 4.2-4.6",
  warning: "M12 4.5L21 19.5H3zM12 10.5v4M12 16.9v.1",
  words: "M5 6h5M5 12h5M5 18h5M14 6h5M14 12h5M14 18h5",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
