// A menu beside what opened it, above everything else (the browser's top layer): arrow keys move in it, Escape and choosing close it and
// give the focus back, whatever happens elsewhere closes it. Takes the items, as buttons with the role. Not its concern: what they do.

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { targetOf } from "../screens/list-filter.ts";

/** Between the menu and what opened it, and the edges of the window, px. */
const GAP = 4;

/** An open menu beside `at`. */
export function Menu(props: { label: string; at: DOMRect; onClose: () => void; children: ComponentChildren }): JSX.Element {
  const { label, at, onClose, children } = props;
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<Element>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return;
    opener.current = document.activeElement;
    element.showPopover();
    placeBeside(element, at);
    itemsIn(element)[0]?.focus();
    const away = ({ target }: Event): void => {
      // The button that opened it closes it by itself; another one opens a menu of its own, which takes the focus.
      if (target instanceof Element && (element.contains(target) || target.closest("[aria-haspopup]") !== null)) return;
      onClose();
    };
    const ended = new AbortController();
    for (const type of ["pointerdown", "focusin", "scroll"]) window.addEventListener(type, away, { capture: true, signal: ended.signal });
    window.addEventListener("resize", () => placeBeside(element, at), { signal: ended.signal });
    return () => ended.abort();
  }, []);
  const leave = (): void => {
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    onClose();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" || event.key === "Tab") {
      leave();
      if (event.key === "Tab") return;
    } else {
      const items = itemsIn(menu.current);
      const target = targetOf(event.key, items.indexOf(document.activeElement as HTMLElement), items.length);
      if (target === undefined) return;
      items[target]?.focus();
    }
    // The list and the window have a meaning of their own for these keys.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} class="menu" popover="manual" role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKey} onClick={leave}>
      {children}
    </div>
  );
}

const itemsIn = (menu: HTMLElement | null): HTMLElement[] => [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];

/** Below `at` and in line with its end; above it, and inside the window, where there is no room. */
function placeBeside(menu: HTMLElement, at: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const rtl = getComputedStyle(menu).direction === "rtl";
  const left = Math.min(Math.max(GAP, rtl ? at.left : at.right - width), innerWidth - width - GAP);
  const below = at.bottom + GAP;
  menu.style.left = `${left}px`;
  menu.style.top = `${below + height + GAP <= innerHeight ? below : Math.max(GAP, at.top - height - GAP)}px`;
}
