// The public surface as one text that people review: every name that an entry point exports, with its declaration and comment, and what
// these refer to. Takes the declarations that tsc has written; gives the same text for the same surface. `npm run api` writes it to
// packages/client/api.txt, `npm run check` compares. Not its concern: whether a change is a good one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "vite";
import { root } from "./source-files.ts";

/** A module that an application may import. */
export interface EntryPoint {
  /** For people. */
  readonly name: string;
  /** Its source, from the repository's root. */
  readonly source: string;
}

/** The declarations of a source; `undefined` where it is none of ours. */
export type ReadDeclarations = (source: string) => string | undefined;

const ENTRIES: readonly EntryPoint[] = [
  { name: "@sotto/client, in Node", source: "packages/client/src/node.ts" },
  { name: "@sotto/client, in browsers", source: "packages/client/src/browser.ts" },
  { name: "@sotto/client/testing, in Node", source: "packages/client/src/testing/node.ts" },
  { name: "@sotto/client/testing, in browsers", source: "packages/client/src/testing/browser.ts" },
];

/** Where the reviewed text is, from the repository's root. */
export const REPORT = "packages/client/api.txt";

/** What differs between the reviewed text and the code; empty when nothing does. The declarations have to be up to date. */
export function apiFindings(): string {
  const reviewed = existsSync(join(root, REPORT)) ? readFileSync(join(root, REPORT), "utf8") : "";
  return difference(reviewed, apiReport(ENTRIES, readEmitted));
}

/** What `npm run api` would change, for people; empty when nothing. */
export function difference(reviewed: string, actual: string): string {
  if (reviewed === actual) return "";
  const [before, now] = [new Set(reviewed.split("\n")), new Set(actual.split("\n"))];
  const gone = [...before].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  const come = [...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  return [
    `the public surface is not the one in ${REPORT}: if that is meant, run \`npm run api\` and have it reviewed`,
    ...gone,
    ...come,
  ].join("\n");
}

/** The text. */
export function apiReport(entries: readonly EntryPoint[], read: ReadDeclarations): string {
  const modules = new Modules(read);
  const exported = entries.map(({ name, source }) => ({ name, names: modules.exportsOf(source) }));
  const shown = new Map<string, Declaration>();
  for (const { names } of exported) for (const place of names.values()) show(modules, shown, place);
  const named = new Set(shown.keys());
  for (const declaration of shown.values()) for (const place of modules.references(declaration)) show(modules, shown, place);
  const parts = exported.map(({ name, names }) => `${name}\n${wrapped([...names.keys()].toSorted())}\n`);
  const files = [...new Set([...shown.values()].map(({ file }) => file))].toSorted();
  for (const file of files) {
    const declarations = [...shown.entries()].filter(([, declaration]) => declaration.file === file);
    const texts = declarations
      .toSorted(([, a], [, b]) => a.order - b.order)
      .map(([key, { text }]) => (named.has(key) ? text : hidden(text)));
    parts.push(
      `── ${file
        .replace(/^packages\//, "")
        .replace(/src\//, "")
        .replace(/\.ts$/, "")} ──\n\n${texts.join("\n\n")}\n`,
    );
  }
  return parts.join("\n");
}

/** A declaration of one or more names. */
interface Declaration {
  readonly file: string;
  readonly order: number;
  readonly text: string;
}

interface Place {
  readonly file: string;
  readonly name: string;
}

interface Module {
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly exported: ReadonlyMap<string, string>;
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  readonly reexports: readonly { readonly from: string; readonly names: ReadonlyMap<string, string> | undefined }[];
}

function show(modules: Modules, shown: Map<string, Declaration>, place: Place): void {
  const declaration = modules.declarationOf(place);
  if (declaration !== undefined) shown.set(`${declaration.file} ${declaration.order}`, declaration);
}

/** The modules of ours, read when they are asked for. */
class Modules {
  readonly #read: ReadDeclarations;
  readonly #modules = new Map<string, Module | undefined>();

  constructor(read: ReadDeclarations) {
    this.#read = read;
  }

  /** What a module exports, and where each name is declared. */
  exportsOf(file: string): ReadonlyMap<string, Place> {
    const found = new Map<string, Place>();
    const module = this.#module(file);
    for (const [name, local] of module?.exported ?? []) found.set(name, { file, name: local });
    for (const { from, names } of module?.reexports ?? []) {
      const inner = this.exportsOf(resolved(file, from));
      if (names === undefined) for (const [name, place] of inner) found.set(name, place);
      else for (const [name, original] of names) found.set(name, inner.get(original) ?? { file: from, name: original });
    }
    return found;
  }

  declarationOf({ file, name }: Place): Declaration | undefined {
    return this.#module(file)?.declarations.get(name);
  }

  /** Where the names are declared that a declaration mentions. */
  references({ file, text }: Declaration): readonly Place[] {
    const module = this.#module(file);
    const mentioned = new Set(text.replaceAll(/\/\*[^]*?\*\//g, "").match(/[A-Za-z_$][\w$]*/g));
    return [...mentioned].flatMap((name) => {
      if (module?.declarations.has(name) === true) return [{ file, name }];
      const imported = module?.imports.get(name);
      const place = imported && this.exportsOf(resolved(file, imported.from)).get(imported.name);
      return place === undefined ? [] : [place];
    });
  }

  #module(file: string): Module | undefined {
    if (!this.#modules.has(file)) {
      const text = this.#read(file);
      this.#modules.set(file, text === undefined ? undefined : parsed(file, text));
    }
    return this.#modules.get(file);
  }
}

interface Statement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly source?: { readonly value: string } | null;
  readonly declaration?: Statement | null;
  readonly specifiers?: readonly { readonly local: Name; readonly exported?: Name; readonly imported?: Name }[];
  readonly id?: Name;
  readonly declarations?: readonly { readonly id: Name }[];
}

interface Name {
  readonly name?: string;
  readonly value?: string;
}

/** `import("./api.ts").Client`, as tsc writes a type that a module does not import itself. */
const INLINE_IMPORT = /import\("([^"]+)"\)\.(\w+)/g;

function parsed(file: string, text: string): Module {
  const { program, errors } = parseSync(file.replace(/\.ts$/, ".d.ts"), text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]?.message ?? "does not parse"}`);
  const declarations = new Map<string, Declaration>();
  const exported = new Map<string, string>();
  const imports = new Map<string, { from: string; name: string }>();
  const reexports: { from: string; names: ReadonlyMap<string, string> | undefined }[] = [];
  for (const [, from = "", name = ""] of text.matchAll(INLINE_IMPORT)) imports.set(name, { from, name });
  let end = 0;
  for (const [order, statement] of (program.body as unknown as Statement[]).entries()) {
    const from = statement.source?.value;
    if (statement.type === "ImportDeclaration" && from !== undefined) {
      for (const { local, imported } of statement.specifiers ?? []) imports.set(nameOf(local), { from, name: nameOf(imported ?? local) });
    } else if (statement.type === "ExportAllDeclaration" && from !== undefined) {
      reexports.push({ from, names: undefined });
    } else if (from !== undefined) {
      reexports.push({
        from,
        names: new Map(statement.specifiers?.map(({ local, exported: as }) => [nameOf(as ?? local), nameOf(local)])),
      });
    } else {
      const declaration = { file, order, text: tidied(text.slice(end, statement.end)) };
      for (const name of declaredNames(statement)) {
        // Overloads of one name stand together.
        const before = declarations.get(name);
        declarations.set(name, before === undefined ? declaration : { ...before, text: `${before.text}\n${declaration.text}` });
        if (statement.type === "ExportNamedDeclaration") exported.set(name, name);
      }
      for (const { local, exported: as } of statement.specifiers ?? []) exported.set(nameOf(as ?? local), nameOf(local));
    }
    end = statement.end;
  }
  return { declarations, exported, imports, reexports };
}

function declaredNames(statement: Statement): readonly string[] {
  const { id, declarations } = statement.declaration ?? statement;
  return id === undefined ? (declarations ?? []).map((one) => nameOf(one.id)) : [nameOf(id)];
}

function nameOf({ name, value }: Name): string {
  return name ?? value ?? "";
}

/** The source that a specifier names. */
function resolved(file: string, specifier: string): string {
  const ours = /^@sotto\/([^/]+)$/.exec(specifier)?.[1];
  return ours === undefined ? posix.join(posix.dirname(file), specifier) : `packages/${ours}/src/index.ts`;
}

/** Without what says nothing to a reader: `declare`, private parts, where a type is imported from. */
function tidied(text: string): string {
  return text
    .replaceAll(/^\/\/.*$/gm, "")
    .replaceAll(/^\s*(#private|private [^;]*);\n/gm, "")
    .replaceAll(INLINE_IMPORT, "$2")
    .replaceAll(/^export declare /gm, "export ")
    .replaceAll(/^(?: {4})+/gm, (indent) => " ".repeat(indent.length / 2))
    .trim();
}

/** Reachable, but not by its name. */
function hidden(text: string): string {
  return text.replace(/^(export |declare )+/m, "");
}

function wrapped(names: readonly string[]): string {
  const lines = [""];
  for (const name of names) {
    const line = `${lines.at(-1) ?? ""}${lines.at(-1) === "" ? "  " : ", "}${name}`;
    if (line.length <= 120) lines[lines.length - 1] = line;
    else lines.push(`  ${name}`);
  }
  return lines.join("\n");
}

/** What `tsc -b` wrote of a source of ours. */
function readEmitted(source: string): string | undefined {
  const [, folder, path] = /^(packages\/[^/]+)\/(.+)\.ts$/.exec(source) ?? [];
  const places = ["types", "types-node"].map((kind) => join(root, folder ?? "", "dist", kind, `${path ?? ""}.d.ts`));
  const place = places.find((candidate) => existsSync(candidate));
  return place === undefined ? undefined : readFileSync(place, "utf8");
}

if (import.meta.main) writeFileSync(join(root, REPORT), apiReport(ENTRIES, readEmitted));
