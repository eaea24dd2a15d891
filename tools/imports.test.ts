import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importSpecifiers } from "./import-specifiers.ts";
import { areas, importFindings } from "./imports.ts";
import { root, sourceFiles } from "./source-files.ts";

/** Every rule with a planted violation: path, line of code, and a part of the reason that must be reported. */
const violations: [path: string, code: string, reason: string][] = [
  ["packages/encoding/src/a.ts", `import { x } from "@sotto/wire";`, "nothing of ours"],
  ["packages/encoding/src/a.test.ts", `import { x } from "@sotto/protocol";`, "nothing of ours"],
  ["packages/protocol/src/a.ts", `import { x } from "@sotto/wire";`, "may import encoding"],
  ["packages/protocol/src/a.test.ts", `import { x } from "@sotto/relay";`, "may import encoding"],
  ["packages/wire/src/a.ts", `import { x } from "@sotto/protocol";`, "may import encoding"],
  ["packages/relay/src/a.ts", `import { x } from "@sotto/protocol";`, "may import wire"],
  ["packages/relay/test/a.test.ts", `import { x } from "@sotto/protocol";`, "may import wire"],
  ["packages/client/src/a.ts", `import { x } from "@sotto/relay";`, "may import encoding and protocol and wire"],
  ["apps/cli/src/a.ts", `import { x } from "@sotto/protocol";`, "may import client"],
  ["apps/cli/src/a.ts", `import { x } from "@sotto/relay";`, "may import client"],
  ["apps/web/src/a.tsx", `import { x } from "@sotto/wire";`, "may import client"],
  ["packages/relay/src/a.ts", `import { x } from "../../protocol/src/secret.ts";`, "may not leave its package"],
  ["packages/relay/src/a.ts", `import { x } from "./../../protocol/src/secret.ts";`, "may not leave its package"],
  ["apps/web/src/a.ts", `new Worker(new URL("../../../packages/relay/src/main.ts", import.meta.url));`, "may not leave its package"],
  ["packages/protocol/src/a.ts", `import { x } from "./b";`, "extension"],
  ["packages/protocol/src/a.ts", `new URL("../../../spec/a.md", import.meta.url);`, "may not leave its package"],
  ["packages/protocol/test/a.test.ts", `new URL("../../relay/src/a.ts", import.meta.url);`, "may not leave its package"],
  ["apps/web/src/a.ts", `import { x } from "../../../packages/client/src/errors.ts";`, "may not leave its package"],
  ["packages/protocol/src/a.ts", `import { y } from "./b?raw";`, "extension"],
  ["packages/protocol/src/a.ts", `import { readFile } from "node:fs/promises";`, "runs in a browser"],
  ["packages/wire/src/a.ts", `import { Buffer } from "node:buffer";`, "runs in a browser"],
  ["packages/client/src/nodes.ts", `import { DatabaseSync } from "node:sqlite";`, "runs in a browser"],
  ["apps/web/src/node.ts", `import { join } from "node:path";`, "runs in a browser"],
  ["apps/cli/src/a.ts", `import { readFileSync } from "fs";`, "node:"],
  ["packages/protocol/src/a.ts", `import { x25519 } from "@noble/curves/ed25519.js";`, "cryptographic libraries"],
  ["packages/protocol/src/identity/phrase.ts", `import { mnemonicToEntropy } from "@scure/bip39";`, "cryptographic libraries"],
  ["packages/client/src/a.ts", `import { base64url } from "@scure/base";`, "cryptographic libraries"],
  ["packages/client/src/node/a.ts", `import { randomBytes } from "node:crypto";`, "cryptographic libraries"],
  ["apps/cli/src/a.ts", `import { createHash } from "node:crypto";`, "cryptographic libraries"],
  ["packages/relay/src/a.ts", `import { ed25519 } from "@noble/curves/ed25519.js";`, "cryptographic libraries"],
  ["packages/relay/src/a.ts", `const name = "@sotto/" + "protocol"; await import(name);`, "written out"],
];

/** The ways one can write an import: each must be seen. */
const forms = [
  `import "@sotto/protocol";`,
  `import x from "@sotto/protocol";`,
  `import * as x from "@sotto/protocol";`,
  `import {\n  a,\n  b,\n} from "@sotto/protocol";`,
  `import type { X } from "@sotto/protocol";`,
  `import { type X } from "@sotto/protocol/testing";`,
  `export { x } from "@sotto/protocol";`,
  `export * from "@sotto/protocol";`,
  `export type { X } from "@sotto/protocol";`,
  `const x = await import("@sotto/protocol");`,
  "const x = await import(`@sotto/protocol`);",
  `let x: import("@sotto/protocol").X;`,
  `import x = require("@sotto/protocol");`,
  `const x = require("@sotto/protocol");`,
  `const x = import.meta.resolve("@sotto/protocol");`,
  `const x = /* "*/ await /* */ import(/* why */ "@sotto/protocol");`,
];

/** What the rules must leave alone. */
const allowed: [path: string, code: string][] = [
  ["packages/relay/src/a.ts", `// import { x } from "@sotto/protocol";\nconst text = 'import "@sotto/protocol"';`],
  ["packages/relay/src/a.ts", `import { x } from "@sotto/wire";\nimport { createHash } from "node:crypto";`],
  [
    "packages/client/src/a.ts",
    `import { x } from "@sotto/wire";\nimport { y } from "@sotto/protocol/primitives/portable";\nimport { z } from "@sotto/client";`,
  ],
  ["packages/client/src/a.test.ts", `import { startRelay } from "@sotto/relay";\nimport { mkdtemp } from "node:fs/promises";`],
  ["packages/client/src/node/sqlite.ts", `import { DatabaseSync } from "node:sqlite";`],
  ["packages/client/src/node-worker.ts", `import { parentPort } from "node:worker_threads";`],
  ["packages/client/src/a.ts", `const address = new URL("/v1/info", relay); new Worker(new URL("./node/worker.ts", import.meta.url));`],
  ["packages/protocol/src/primitives/node.ts", `import { diffieHellman } from "node:crypto";\nimport { x } from "@noble/hashes/sha2.js";`],
  ["packages/protocol/src/identity/wordlist.ts", `import { wordlist } from "@scure/bip39/wordlists/english.js";`],
  ["packages/protocol/src/a.test.ts", `import { createHmac } from "node:crypto";\nimport { x } from "./primitives/portable.ts";`],
  ["packages/protocol/src/a.ts", `import { x } from "../src/index.ts";\nimport { encodeCbor } from "@sotto/encoding";`],
  ["packages/protocol/test/a.test.ts", `new URL("../../../spec/states.md", import.meta.url);`],
  ["apps/web/test/demo/client.ts", `import { x } from "../../../../packages/client/src/errors.ts";`],
  ["lab/src/a.ts", `import { x } from "@sotto/relay";\nimport { y } from "../../packages/relay/src/store/store.ts";\nawait import(name);`],
];

describe("import rules", () => {
  it.each(violations)("reports in %s: %s", (path, code, reason) => {
    const findings = importFindings(path, code);
    expect(findings.join("\n")).toContain(reason);
    expect(findings[0]).toMatch(/^[^:]+:\d+: /);
  });

  it.each(forms)("sees %s", (code) => {
    expect(importFindings("packages/relay/src/a.ts", code)).toHaveLength(1);
  });

  it.each(allowed)("allows in %s: %s", (path, code) => {
    expect(importFindings(path, code)).toEqual([]);
  });

  it("names the line", () => {
    expect(importFindings("packages/wire/src/a.ts", `\n\nimport { x } from "@sotto/protocol";`)).toEqual([
      "packages/wire/src/a.ts:3: @sotto/protocol (packages/wire may import encoding)",
    ]);
  });

  it("refuses a file that it cannot read, instead of passing it", () => {
    expect(() => importSpecifiers("a.ts", "import {")).toThrow(SyntaxError);
  });

  it("has a row for every workspace of package.json", () => {
    const folders = sourceFiles()
      .filter((path) => path.endsWith("/package.json"))
      .map((path) => path.slice(0, -"/package.json".length));
    expect(folders.filter((folder) => !areas.some((area) => area.folder === folder))).toEqual([]);
    expect(folders.length).toBeGreaterThan(5);
    expect(readFileSync(`${root}/package.json`, "utf8")).toContain("workspaces");
  });
});
