// Watches what Sotto's pages promise never to do: break their own Content-Security-Policy, speak to another origin than the one they
// came from, let an error escape. Takes a person's context; gives one line for each breach, as it happens. Not its concern: what people do.

import type { BrowserContext } from "playwright-core";

/** Adds a line to `breaches` for everything the pages of this context do against their promises, from now on. */
export async function watchPages(context: BrowserContext, breaches: string[]): Promise<void> {
  await context.exposeFunction("reportBreach", (text: string) => void breaches.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) => {
      const { reportBreach } = globalThis as unknown as { reportBreach: (text: string) => void };
      reportBreach(`against the policy: ${effectiveDirective}, ${blockedURI} in ${sourceFile}`);
    });
  });
  context.on("weberror", (error) => breaches.push(`uncaught: ${error.error().stack ?? error.error().message}`));

  // The first page a person opens is the app's.
  let home: string | undefined;
  const look = (kind: string, address: string): void => {
    const url = new URL(address);
    if (url.protocol === "data:" || url.protocol === "blob:") return;
    const origin = url.origin.replace(/^ws/, "http");
    home ??= origin;
    if (origin !== home) breaches.push(`${kind} to ${origin} from the app of ${home}`);
  };
  context.on("request", (request) => look("request", request.url()));
  context.on("page", (page) => page.on("websocket", (socket) => look("socket", socket.url())));
}
