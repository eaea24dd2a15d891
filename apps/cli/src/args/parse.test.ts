import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commands } from "../commands/table.ts";
import { type CommandSpec, globalFlags } from "./command-line.ts";
import { UsageError, parse } from "./parse.ts";

const table: CommandSpec[] = [
  {
    name: "send",
    summary: "",
    operands: [
      { name: "who", help: "" },
      { name: "text", help: "", optional: true, rest: true },
    ],
    flags: [
      { name: "no-wait", help: "" },
      { name: "uses", short: "u", value: "n", help: "" },
    ],
  },
  { name: "pair send", summary: "" },
  { name: "pair receive", summary: "" },
  { name: "read", summary: "", operands: [{ name: "who", help: "", optional: true }] },
];

describe("parser", () => {
  it("takes flags in any position, with the value attached or behind", () => {
    const input = parse(table, ["--dir=/a", "send", "--no-wait", "bob", "-u", "3", "hello", "--json", "world"]);
    expect(input.command?.name).toBe("send");
    expect([input.operand("who"), input.optional("text")]).toEqual(["bob", "hello world"]);
    expect([input.value("dir"), input.value("uses"), input.has("no-wait"), input.has("json"), input.has("relay")]).toEqual([
      "/a",
      "3",
      true,
      true,
      false,
    ]);
  });

  it("ends flags at -- and takes a lone dash as an operand", () => {
    expect(parse(table, ["send", "bob", "--", "--json", "--"]).optional("text")).toBe("--json --");
    expect(parse(table, ["send", "bob", "-"]).optional("text")).toBe("-");
  });

  it("reads two-word commands", () => {
    expect(parse(table, ["pair", "send"]).command?.name).toBe("pair send");
    expect(parse(table, ["pair", "--json", "receive"]).command?.name).toBe("pair receive");
    expect(() => parse(table, ["pair", "send", "send"])).toThrow("what to do with");
  });

  it("asks for no operands where only help is wanted", () => {
    expect(parse(table, ["send", "--help"]).has("help")).toBe(true);
    expect(parse(table, []).command).toBeUndefined();
  });

  it.each([
    [["sned"], "perhaps send"],
    [["wipe-everything"], "there is no command"],
    [["pair"], "pair send or pair receive"],
    [["send"], "needs <who>"],
    [["read", "a", "b"], 'what to do with "b"'],
    [["send", "bob", "--usse", "3"], "perhaps --uses"],
    [["--uses", "3", "send", "bob"], "after the command"],
    [["send", "bob", "--uses"], "needs a value"],
    [["send", "bob", "--uses="], "needs a value"],
    [["send", "bob", "--json=yes"], "takes no value"],
    [["send", "bob", "--json", "-j"], "given twice"],
  ])("refuses %j and says what to type", (words, reason) => {
    expect(() => parse(table, words)).toThrow(UsageError);
    expect(() => parse(table, words)).toThrow(reason);
  });

  it("throws nothing but usage errors, whatever the words", () => {
    const known = [...commands, ...table].flatMap(({ name, flags = [] }) => [
      ...name.split(" "),
      ...[...flags, ...globalFlags].map((flag) => `--${flag.name}`),
    ]);
    const word = fc.oneof(fc.constantFrom(...known, "--", "-", "--=", "-j"), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        try {
          parse(commands, words);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
    );
  });

  it("gives every text back unchanged behind --", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(fc.property(text, (words) => parse(table, ["send", "--json", "bob", "--", words]).optional("text") === words));
  });

  it("gives global flags the same meaning at every place", () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(3), (json, dir) => {
        const words = ["send", "bob", "hello"];
        words.splice(json, 0, "--json");
        // Not between a flag and its value: --json takes none, so every place is fair.
        words.splice(dir, 0, "--dir", "/a");
        const input = parse(table, words);
        expect([input.has("json"), input.value("dir"), input.operand("who"), input.optional("text")]).toEqual([true, "/a", "bob", "hello"]);
      }),
    );
  });

  it("knows a mistake in a command from a mistake of the person", () => {
    expect(() => parse(table, ["read"]).value("uses")).toThrow("read does not declare uses");
  });
});

describe("table of commands", () => {
  it("has no two commands of one name, and optional operands last", () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { name, operands = [] } of commands) {
      const optional = operands.map((operand) => operand.optional === true);
      expect([name, optional], name).toEqual([name, optional.toSorted((a, b) => Number(a) - Number(b))]);
    }
  });

  it("gives no flag two meanings", () => {
    for (const { name, flags = [] } of commands) {
      const names = [...globalFlags, ...flags].flatMap((flag) => [flag.name, ...(flag.short === undefined ? [] : [flag.short])]);
      expect(new Set(names).size, name).toBe(names.length);
    }
  });
});
