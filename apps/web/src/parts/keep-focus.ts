// Keeps the focus where the person is: when what has it goes away (a button that led on, a sheet whose opener is gone by now), the title
// of what is there instead takes it, so that keys and screen readers go on from there; a button that was busy for a while gets it back.
// Not its concern: focus that is moved on purpose.

/** Parts of the screen that have a title, and of those without a sheet in the order in which a person would look at them. */
const FRAMES = "dialog, .pane-about, .chat, .pane-list, .plain-screen";
const WITHOUT_SHEET = [".chat", ".plain-screen", ".pane-list"];

/** Watches over the focus from now on. */
export function keepFocus(): void {
  let last: Element | undefined;
  let frame: Element | undefined;
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return;
    last = target;
    frame = target.closest(FRAMES) ?? undefined;
  });
  const look = (changes: readonly MutationRecord[]): void => {
    const active = document.activeElement;
    if (last === undefined || (active !== document.body && active !== last)) return;
    // On a phone a pane is hidden by its place, which is an attribute.
    const hidden = changes.some(({ type }) => type === "attributes") && !last.checkVisibility();
    if (last.isConnected && !hidden) {
      // A browser takes the focus from a button that cannot be pressed for now, and from a row that is moved in its list.
      const taken = changes.some(
        ({ target, removedNodes }) => target === last || [...removedNodes].some((node) => node.contains(last ?? null)),
      );
      if (active === document.body && taken) (last as HTMLElement).focus({ preventScroll: true });
      return;
    }
    startOf(frameNow(frame))?.focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-place", "disabled"] });
}

function frameNow(before: Element | undefined): Element | undefined {
  const sheet = document.querySelector("dialog[open]");
  if (sheet !== null) return sheet;
  const found = [before, ...WITHOUT_SHEET.map((selector) => document.querySelector(selector))];
  return found.find((frame) => frame?.isConnected === true && frame.checkVisibility()) ?? undefined;
}

/** The field that wants the focus, else the title: itself, or the button that it is. */
function startOf(frame: Element | undefined): HTMLElement | undefined {
  const start = frame?.querySelector<HTMLElement>("[autofocus]") ?? frame?.querySelector<HTMLElement>("h1 > button");
  if (start) return start;
  const title = frame?.querySelector<HTMLElement>("h1, h2") ?? undefined;
  if (title !== undefined) title.tabIndex = -1;
  return title;
}
