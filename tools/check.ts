// `npm run check`: everything that can be said about the code without running it, in parallel, with one line per question.
// Prints the full answer only where it is bad; exits 1 if any is. `npm run check -- types lint` asks only some.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { apiFindings } from "./api-report.ts";
import { fileLength } from "./file-length.ts";
import { importFindings } from "./imports.ts";
import { lockfileFindings } from "./lockfile.ts";
import { root, sourceFiles } from "./source-files.ts";

/** First in PATH of what is run, so that the tools run under the Node that is installed here. */
const bin = join(root, "node_modules", ".bin");

/** One question: resolves to what is wrong, as text; empty when nothing is. */
interface Question {
  name: string;
  ask: () => Promise<string>;
}

/** Asked once, by whomever first. */
let types: Promise<string> | undefined;
const askTypes = (): Promise<string> => (types ??= program("tsc", "-b", "--pretty", "false"));

/** The public surface is read from the declarations that tsc writes, so it is not known while the types do not hold. */
const askSurface = async (): Promise<string> =>
  (await askTypes()) === "" ? apiFindings() : "not compared: first mend what `npm run check -- types` says";

const questions: readonly Question[] = [
  { name: "types", ask: askTypes },
  { name: "public surface", ask: askSurface },
  { name: "lint", ask: () => program("oxlint") },
  { name: "format", ask: () => program("oxfmt", "--list-different") },
  { name: "imports", ask: () => everyFile(importFindings) },
  { name: "file length", ask: () => everyFile((path, text) => [fileLength(path, text)].filter((finding) => finding !== undefined)) },
  { name: "dead code", ask: () => program("knip", "--no-progress", "--no-config-hints") },
  { name: "lockfile", ask: async () => lockfileFindings(readFileSync(join(root, "package-lock.json"), "utf8")).join("\n") },
];

process.exitCode = (await check(process.argv.slice(2))) ? 0 : 1;

async function check(names: readonly string[]): Promise<boolean> {
  const unknown = names.filter((wanted) => !questions.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    print(`there is no check ${unknown.join(", ")}; there are: ${questions.map(({ name }) => name).join(", ")}`);
    return false;
  }
  const chosen = questions.filter(({ name }) => names.length === 0 || names.includes(name));
  const answers = await Promise.all(chosen.map(answer));
  const bad = answers.filter((good) => !good).length;
  print(bad === 0 ? `${chosen.length} checks passed` : `${bad} of ${chosen.length} checks failed`);
  return bad === 0;
}

async function answer({ name, ask }: Question): Promise<boolean> {
  const started = performance.now();
  const wrong = await ask().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  print(`${wrong === "" ? "✓" : "✗"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (wrong !== "") print(wrong.replaceAll(/^/gm, "  "));
  return wrong === "";
}

/** Runs a tool of node_modules/.bin; its output is the answer if it failed. */
function program(command: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
    const child = spawn(join(bin, command), args, { cwd: root, env, shell: process.platform === "win32" });
    let output = "";
    const collect = (chunk: Buffer): void => void (output += chunk.toString("utf8"));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (status) => resolve(status === 0 ? "" : output.trim() || `${command} ended with ${status}`));
  });
}

async function everyFile(findings: (path: string, text: string) => readonly string[]): Promise<string> {
  return sourceFiles()
    .flatMap((path) => findings(path, readFileSync(join(root, path), "utf8")))
    .join("\n");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
