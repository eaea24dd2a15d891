// "None is shared between two uses": every label of the specification stands in the source once. Two keys made under one label could be one
// key.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// A stream's root, which the law makes from two sources under one label: the handshake's secret, and every root step (spec §4).
const ONE_USE_IN_TWO_PLACES = ["Sotto Stream v1"];

const LABEL = /ascii\(\s*["`](Sotto [^"`]*)["`]/g;

function labelsOf(sources: readonly string[]): string[] {
  return sources.flatMap((source) => Array.from(source.matchAll(LABEL), ([, label]) => label as string));
}

function repeated(labels: readonly string[]): string[] {
  return labels.filter((label, i) => labels.indexOf(label) !== i);
}

const root = join(import.meta.dirname, "../../src");
const files = globSync("**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
const labels = labelsOf(files.map((file) => readFileSync(join(root, file), "utf8")));

test("no label is used twice", () => {
  expect(labels.length).toBeGreaterThan(15);
  expect(repeated(labels).filter((label) => !ONE_USE_IN_TWO_PLACES.includes(label))).toEqual([]);
});

test("a planted label that stands twice is found", () => {
  const planted = ['const A = ascii("Sotto Cell v1");', 'const B = ascii("Sotto Body v1");\nconst C = ascii(\n  "Sotto Cell v1",\n);'];
  expect(repeated(labelsOf(planted))).toEqual(["Sotto Cell v1"]);
});
