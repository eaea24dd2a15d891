import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commands } from "../commands/table.ts";
import { completionScript, shells } from "./completion.ts";

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const line = `COMP_WORDS=(sotto ${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length}; _sotto; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", `${completionScript("bash", commands)}\n${line}`], { encoding: "utf8" });
  return output.trim().split("\n");
}

describe("completion", () => {
  it("offers commands, their second words and their flags in bash", () => {
    expect(offered("inv")).toEqual(["invite"]);
    expect(offered("pair", "")).toEqual(["send", "receive"]);
    expect(offered("pair", "send", "--sec")).toEqual(["--secret-fd", "--secret-file"]);
    expect(offered("send", "bob", "--no")).toEqual(["--no-wait"]);
    expect(offered("--js")).toEqual(["--json"]);
    expect(offered("send", "bo")).toEqual([""]);
  });

  it.each(shells)("knows every command in %s", (shell) => {
    const script = completionScript(shell, commands);
    for (const word of commands.flatMap(({ name }) => name.split(" "))) expect(script).toContain(word);
  });
});
