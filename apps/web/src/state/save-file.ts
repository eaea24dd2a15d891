// Gives the person a file, as browsers save files: among their downloads.

/** How long a browser is given to begin reading the file, ms. */
const HELD_MS = 60_000;

/** Saves bytes under this name. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), HELD_MS);
}
