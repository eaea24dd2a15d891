import { describe, expect, it } from "vitest";
import { helpAbout } from "../commands/help.ts";
import { commands } from "../commands/table.ts";
import { globalFlags } from "./command-line.ts";
import { overview } from "./help.ts";
import { UsageError } from "./parse.ts";

describe("help", () => {
  it("names every command and every global flag, in lines that fit", () => {
    const lines = overview(commands).split("\n");
    for (const { name, summary } of commands)
      expect(
        lines.some((line) => line.startsWith(`  ${name}`) && line.endsWith(summary)),
        name,
      ).toBe(true);
    for (const { name } of globalFlags) expect(overview(commands)).toContain(`--${name}`);
    expect(lines.filter((line) => line.length > 140)).toEqual([]);
  });

  it.each(commands.map(({ name }) => name))("tells about %s", (name) => {
    const text = helpAbout(commands, name);
    const command = commands.find((one) => one.name === name);
    expect(text).toContain(`sotto ${name}`);
    for (const flag of command?.flags ?? []) expect(text).toContain(`--${flag.name}`);
    expect(text.split("\n").filter((line) => line.length > 140)).toEqual([]);
  });

  it("says where the account is, how a name can be shortened, and that a secret is moved as it is", () => {
    expect(overview(commands)).toMatch(/\$XDG_DATA_HOME\/sotto[^]*--dir <folder>[^]*SOTTO_DIR/);
    expect(overview(commands)).not.toContain("in this folder");
    expect(helpAbout(commands, "send")).toContain("beginning of a name");
    expect(helpAbout(commands, "pair send")).toContain("moved as they are");
  });

  it("tells about a group by its first word, and refuses what is no command", () => {
    expect(helpAbout(commands, "pair")).toMatch(/pair send[^]*pair receive/);
    expect(() => helpAbout(commands, "paint")).toThrow(UsageError);
  });
});
