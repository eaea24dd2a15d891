// Hints of the platform that the network went or came, or that the page slept. Hints only: a relay on this machine answers without any
// network. Not a concern here: what follows from them.

/** What the platform noticed. */
export type NetworkHint = "went" | "came" | "woke";

/** The platform's knowledge of the network. */
export interface Network {
  /** False only if the platform is sure that there is none. */
  available(): boolean;
  /** Calls for each hint until the function returned is called. */
  watch(onHint: (hint: NetworkHint) => void): () => void;
}

/** The browser's events; where there are none (Node), a network that is always there. */
export const platformNetwork: Network = {
  available: () => typeof navigator === "undefined" || navigator.onLine !== false,

  watch(onHint) {
    if (typeof addEventListener !== "function" || typeof document === "undefined") return () => undefined;
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener("offline", () => onHint("went"), { signal });
    addEventListener("online", () => onHint("came"), { signal });
    addEventListener("pageshow", () => onHint("woke"), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && onHint("woke"), { signal });
    return () => stop.abort();
  },
};
