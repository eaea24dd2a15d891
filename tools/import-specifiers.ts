// Every place where a module names another one: import and export-from, types included, dynamic import, `import("…").T`, require,
// `new URL("…", import.meta.url)` (how workers are named) and vi.mock. Takes source text; gives specifiers with their lines.
// What may be imported from where is tools/imports.ts's concern.
import { parseSync } from "vite";

/** One mention of another module. `specifier` is undefined where it is computed at run time. */
export interface Mention {
  specifier: string | undefined;
  line: number;
}

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

/** All mentions in the order of the text; throws when the text does not parse, so that nothing passes unread. */
export function importSpecifiers(path: string, text: string): Mention[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message ?? "does not parse"}`);
  const mentions: { source: Node; start: number }[] = [];
  walk(program as unknown as Node, (node) => {
    const source = sourceOf(node);
    if (source) mentions.push({ source, start: node.start });
  });
  return mentions
    .toSorted((a, b) => a.start - b.start)
    .map(({ source, start }) => ({ specifier: literal(source), line: text.slice(0, start).split("\n").length }));
}

/** The node that holds the specifier, if this node names a module. */
function sourceOf(node: Node): Node | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return asNode(node["source"]);
    case "TSExternalModuleReference":
      return asNode(node["expression"]);
    case "CallExpression":
      return isModuleCall(asNode(node["callee"])) ? firstArgument(node) : undefined;
    case "NewExpression":
      return isModuleUrl(node) ? firstArgument(node) : undefined;
    default:
      return undefined;
  }
}

const MODULE_CALLS = new Set(["require", "require.resolve", "import.meta.resolve", "vi.mock", "vi.doMock", "vi.importActual"]);

function isModuleCall(callee: Node | undefined): boolean {
  return callee !== undefined && MODULE_CALLS.has(dotted(callee));
}

/** `new URL("./worker.ts", import.meta.url)`: a path to code that will be loaded. Other URLs are addresses. */
function isModuleUrl(node: Node): boolean {
  const [, base] = node["arguments"] as Node[];
  return dotted(asNode(node["callee"])) === "URL" && base !== undefined && dotted(base) === "import.meta.url";
}

/** `a.b.c` for identifiers, members and import.meta; empty for anything else. */
function dotted(node: Node | undefined): string {
  if (node?.type === "Identifier") return String(node["name"]);
  if (node?.type === "MetaProperty") return `${dotted(asNode(node["meta"]))}.${dotted(asNode(node["property"]))}`;
  if (node?.type === "MemberExpression") return `${dotted(asNode(node["object"]))}.${dotted(asNode(node["property"]))}`;
  return "";
}

function firstArgument(node: Node): Node | undefined {
  return (node["arguments"] as Node[])[0];
}

function literal(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  const quasis = node["quasis"] as { value: { cooked: string } }[] | undefined;
  return node.type === "TemplateLiteral" && quasis?.length === 1 ? quasis[0]?.value.cooked : undefined;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  const node = asNode(value);
  if (!node) return;
  visit(node);
  for (const child of Object.values(node)) if (typeof child === "object") walk(child, visit);
}

function asNode(value: unknown): Node | undefined {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" ? (value as Node) : undefined;
}
