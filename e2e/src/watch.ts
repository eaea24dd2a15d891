// Watches what Sotto's pages promise never to do: break their own Content-Security-Policy, speak to another origin than the one they
// came from, let an error escape. Takes a person's context; gives one line for each breach, as it happens. Not its concern: what people do.

import type { BrowserContext } from "playwright-core";

const MARK = "breach of the policy:";

/** Adds a line to `breaches` for everything the pages of this context do against their promises, from now on. */
export async function watchPages(context: BrowserContext, breaches: string[]): Promise<void> {
  await context.addInitScript((mark) => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) => {
      console.error(mark, effectiveDirective, blockedURI, "in", sourceFile);
    });
  }, MARK);
  context.on("console", (message) => {
    if (message.text().startsWith(MARK)) breaches.push(message.text());
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
