// The package as somebody else's project meets it: installed in an empty folder, under the compiler's own default settings (declarations of
// libraries checked too), and run from there.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage } from "./client-package.ts";
import { root } from "./source-files.ts";

const PROGRAM = `
import { listAccounts, MessengerError, sqliteFile } from "@sotto/client";
import { createTestRelay } from "@sotto/client/testing";

await using relay = createTestRelay();
const [alice, bob] = [await relay.client("Alice"), await relay.client("Bob")];
const chat = await bob.invites.accept((await alice.invites.create()).url);
await chat.send("hello world");
await relay.advance(0);
const text: string | undefined = alice.conversations.list.get()[0]?.state.get().lastMessage?.text;
console.log(text);
console.log(await listAccounts(sqliteFile("empty.sqlite")));
try {
  await bob.invites.accept("https://example.com/");
} catch (error) {
  console.log(MessengerError.is(error, "invite/invalid") && error.details.reason);
}
`;

let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "sotto-package-"));
  cpSync(await buildPackage(), join(project, "node_modules/@sotto/client"), { recursive: true });
  const { dependencies } = manifest();
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) link(name);
  write("package.json", JSON.stringify({ type: "module" }));
  write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", target: "esnext", types: ["node"], noEmit: true } }),
  );
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the package", () => {
  test("has types that hold under default settings, and refuse what is wrong", () => {
    write("program.ts", PROGRAM);
    write("wrong.ts", 'import { sqliteFile } from "@sotto/client";\nsqliteFile(1);\n');
    const { output } = run(join(root, "node_modules/typescript/bin/tsc"));
    expect(output).toBe("wrong.ts(2,12): error TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.\n");
  });

  test("runs, its thread for the database included", () => {
    write("program.ts", PROGRAM);
    expect(run("program.ts")).toEqual({ status: 0, output: "hello world\n[]\nit is not an invite link\n" });
  });

  test("needs nothing that is not published", () => {
    expect(Object.keys(manifest().dependencies).filter((name) => name.startsWith("@sotto/"))).toEqual([]);
  });
});

function manifest(): { readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(project, "node_modules/@sotto/client/package.json"), "utf8"));
}

/** Stands in for the registry. */
function link(name: string): void {
  const place = join(project, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(root, "node_modules", name), place, "junction");
}

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

function run(...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
