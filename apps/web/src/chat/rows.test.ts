import type { Message } from "@sotto/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Row, rowsOf, TOGETHER_MS } from "./rows.ts";

const NOON = Date.UTC(2026, 4, 3, 12);
const utcDay = (date: Date): string => date.toISOString().slice(0, 10);

function message(id: string, minutes: number, sender = "anna"): Message {
  const sentAt = new Date(NOON + minutes * 60_000);
  return { id, sentAt, mine: sender === "me", sender: { id: sender, name: sender } } as unknown as Message;
}

function told(rows: readonly Row[]): string[] {
  return rows.map((row) => (row.kind === "message" ? `${row.first ? "[" : ""}${row.key}${row.last ? "]" : ""}` : row.kind));
}

describe("rows", () => {
  test("messages of one author within three minutes stand together", () => {
    const rows = rowsOf([message("a", 0), message("b", 2), message("c", 4.9), message("d", 8), message("e", 8, "me")], { dayOf: utcDay });
    expect(told(rows)).toEqual(["day", "[a", "b", "c]", "[d]", "[e]"]);
  });

  test("exactly three minutes apart is apart", () => {
    const rows = rowsOf([message("a", 0), message("b", TOGETHER_MS / 60_000)], { dayOf: utcDay });
    expect(told(rows)).toEqual(["day", "[a]", "[b]"]);
  });

  test("a new day and the unread marker end a group", () => {
    const rows = rowsOf([message("a", 719), message("b", 720), message("c", 721)], { dayOf: utcDay, firstUnread: "c" });
    expect(told(rows)).toEqual(["day", "[a]", "day", "[b]", "unread", "[c]"]);
  });

  test("notes stand where they happened", () => {
    const notes = [
      { key: "n1", after: undefined, text: "first" },
      { key: "n2", after: "a", text: "then" },
    ];
    expect(told(rowsOf([message("a", 0)], { dayOf: utcDay, notes }))).toEqual(["note", "day", "[a]", "note"]);
  });

  test("whatever the messages: every one is shown once, keys are unique, groups open and close", () => {
    const any = fc.array(fc.record({ gap: fc.integer({ min: -5, max: 2000 }), sender: fc.constantFrom("me", "anna", "bo") }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(any, (list) => {
        let at = 0;
        const messages = list.map(({ gap, sender }, index) => message(`m${index}`, (at += gap), sender));
        const rows = rowsOf(messages, { dayOf: utcDay });
        expect(rows.filter((row) => row.kind === "message").map((row) => row.key)).toEqual(messages.map(({ id }) => id));
        expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
        let open = false;
        for (const row of rows) {
          if (row.kind !== "message") expect(open).toBe(false);
          else {
            expect(row.first).toBe(!open);
            open = !row.last;
          }
        }
        expect(open).toBe(false);
      }),
    );
  });
});
