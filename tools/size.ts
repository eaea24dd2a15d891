// `npm run size`: what a browser has to download, held to budgets; `npm run size -- --parts` also says what it is made of. Exits 1 when a
// budget is exceeded. Not a concern here: bundling and measuring (bundle.ts).
import { parseArgs } from "node:util";
import { alsoLoading, type Bundle, bundleCode, bundlePage, type Compression, compressedSize, shares } from "./bundle.ts";

/** Something that is downloaded as one. */
export interface Budget {
  readonly name: string;
  readonly compression: Compression;
  /** In kB (1,000 bytes), compressed. */
  readonly limit: number;
  /** What we would like it to be, in kB, where that does not hold yet. */
  readonly wish?: number;
  readonly reason: string;
  bundle(): Promise<Bundle>;
}

/** A budget and what came of it. */
export interface Measured {
  readonly budget: Budget;
  readonly bundle: Bundle;
  /** In kB, compressed. */
  readonly size: number;
}

const SDK = "createAccount, openAccount, restoreAccount, joinAsDevice, listAccounts, sendSecret, receiveSecret, loadEverything";
const PORTABLE = 'export * from "@sotto/protocol/primitives/portable";';
const APP = "apps/web";

/** What is held to. */
export const budgets: readonly Budget[] = [
  {
    name: "Signal's protocol",
    compression: "gzip",
    limit: 40,
    reason:
      "@sotto/protocol/signal on the portable primitives: sessions that speak with libsignal, without our streams, meeting and contents",
    bundle: () => bundleCode(`export * from "@sotto/protocol/signal"; ${PORTABLE}`),
  },
  {
    name: "a conversation",
    compression: "gzip",
    limit: 57,
    wish: 45,
    reason: "@sotto/protocol from account key to content on the portable primitives, which are half of it",
    bundle: () => bundleCode(`export * from "@sotto/protocol/conversation"; ${PORTABLE}`),
  },
  {
    name: "@sotto/protocol",
    compression: "gzip",
    limit: 74,
    reason: "all of it: the list of recovery words, QR login and the static session too",
    bundle: () => bundleCode(`export * from "@sotto/protocol"; ${PORTABLE}`),
  },
  {
    name: "@sotto/client",
    compression: "gzip",
    limit: 97,
    wish: 80,
    reason: "its functions, errors and storages; what is loaded later does not count, nor QR codes and the list of words, if not used",
    bundle: () => bundleCode(`export { ${SDK}, MessengerError, indexedDb, memory } from "@sotto/client/browser";`),
  },
  {
    name: "web app, first paint",
    compression: "brotli",
    limit: 25,
    reason: "one round of a slow phone network",
    bundle: () => bundlePage(APP, "src/main.tsx"),
  },
  {
    name: "web app, first chat",
    compression: "brotli",
    limit: 105,
    reason: "paint and client: an account that is here opens, shows its chats and sends",
    bundle: firstChat,
  },
  {
    name: "web app, receiving",
    compression: "brotli",
    limit: 115,
    wish: 110,
    reason: "first chat, and what the client loads next, without being asked: it reads its boards",
    bundle: async () => alsoLoading(await firstChat(), "src/engine/receiving.ts"),
  },
];

async function firstChat(): Promise<Bundle> {
  return alsoLoading(await bundlePage(APP, "src/main.tsx"), "src/state/sdk.ts");
}

/** Bundles and weighs. */
export async function measure(budget: Budget): Promise<Measured> {
  const bundle = await budget.bundle();
  return { budget, bundle, size: compressedSize(bundle, budget.compression) / 1000 };
}

/** Whether it is too large. */
export function isOver({ budget, size }: Measured): boolean {
  return size > budget.limit;
}

/** For instance `✓ web app, first paint     21.3 kB of 25 (brotli): …`. */
export function line(measured: Measured): string {
  const { name, limit, wish, compression, reason } = measured.budget;
  const wanted = wish === undefined ? "" : `, wanted ${wish}`;
  const size = `${measured.size.toFixed(1)} kB`.padStart(9);
  return `${isOver(measured) ? "✗" : "✓"} ${name.padEnd(20)} ${size} of ${limit}${wanted} (${compression}): ${reason}`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { parts: { type: "boolean", default: false } } });
  for (const budget of budgets) {
    const measured = await measure(budget);
    if (isOver(measured)) process.exitCode = 1;
    process.stdout.write(`${line(measured)}\n`);
    if (!values.parts) continue;
    for (const { name, bytes } of shares(measured.bundle, budget.compression)) {
      process.stdout.write(`    ${(bytes / 1000).toFixed(1).padStart(6)}  ${name}\n`);
    }
  }
}
