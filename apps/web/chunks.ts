// Which modules are downloaded as one file. Left alone, the bundler cuts at every line where two screens share something, and many small
// files compress worse than one: all that the first paint needs is one file, all that an open account needs is another, all that it then needs
// to receive is a third. Takes the graph of modules, gives a file's name; whatever has none goes wherever the bundler puts it. Not a concern here: what is loaded when.

/** What the bundler tells of a module: what it imports at once. */
export interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** What doors of packages import and the app loads later: QR login, the words, safety numbers, invites, backups, directories. In the second file it would come for nothing. */
const LATER = new RegExp(
  [
    "/packages/protocol/src/(?:pairing/|identity/(?:phrase|suggestions|safety-code|safety-number)[.]ts|meeting/invite|backup/(?!(?:backup-key|author)[.]ts))",
    "/packages/wire/src/(?:blob|directory|handle|info)[.]ts",
    "/@scure/bip39/",
    "/qr/",
    "/packages/client/src/qr",
  ].join("|"),
);

/** Drawing QR codes: several screens ask for it. */
const QR = /\/packages\/client\/src\/qr\.ts|\/qr\/index\.js/;

/** Gives each module of the app its file: one of these with the module it begins with, the first that needs it; or `qr`, or none. */
export function nameChunks(starts: Readonly<Record<string, string>>): (id: string, graph: ModuleGraph) => string | null {
  let reached: readonly (readonly [string, ReadonlySet<string>])[] | undefined;
  return (id, graph) => {
    reached ??= Object.entries(starts).map(([name, start]) => [name, importedBy(start, graph)]);
    if (QR.test(id)) return "qr";
    return reached.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
}

/** A module and all that it imports, directly or not. */
function importedBy(start: string, graph: ModuleGraph): ReadonlySet<string> {
  const found = new Set([start]);
  for (const id of found) {
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) if (!LATER.test(imported)) found.add(imported);
  }
  return found;
}
