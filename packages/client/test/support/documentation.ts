// The code in documents, as files that can be compiled and run: what people copy has to work. Takes Markdown; gives programs under
// dist/docs, which nobody ships. Not a concern here: which documents, what a program prints.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = join(import.meta.dirname, "../..");
const ROOT = join(PACKAGE, "../..");
const FOLDER = join(PACKAGE, "dist/docs");

/** The blocks of this language in a document (a path from the repository's root), in order. */
export function blocksOf(document: string, language = "ts"): string[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, found, code = ""]) => (found === language ? [code] : []));
}

/** Programs in a folder of their own. */
export class Programs {
  readonly #folder: string;

  /** @param name the folder's name: two tests that run at once have two */
  constructor(name: string) {
    this.#folder = join(FOLDER, name);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Writes a program; gives its path. */
  write(name: string, code: string): string {
    const path = join(this.#folder, `${name.replaceAll("/", "-")}.ts`);
    writeFileSync(path, code);
    return path;
  }

  /** What the compiler says of all of them; empty when nothing is wrong. */
  async compile(): Promise<string> {
    const config = {
      extends: join(ROOT, "tsconfig.base.json"),
      compilerOptions: {
        composite: false,
        emitDeclarationOnly: false,
        noEmit: true,
        types: ["node"],
        lib: ["ES2024", "ESNext.Disposable", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
        // Examples show one thing and leave others unused.
        noUnusedLocals: false,
        rootDir: ROOT,
      },
      include: ["*.ts"],
    };
    writeFileSync(join(this.#folder, "tsconfig.json"), JSON.stringify(config));
    const { output, status } = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", this.#folder, "--pretty", "false"]);
    return status === 0 ? "" : output || `tsc ended with ${status}`;
  }

  /** Runs one in a process of its own; gives what it printed. Rejects when it fails. */
  async run(path: string, env: Record<string, string> = {}): Promise<string> {
    if (!existsSync(path)) throw new Error(`there is no ${path}`);
    const { output, status } = await run(process.execPath, [path], env);
    if (status !== 0) throw new Error(`${path} ended with ${status}:\n${output}`);
    return output;
  }
}

async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ output: string; status: number }> {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (output += chunk.toString("utf8")));
  const status = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
  return { output, status };
}
