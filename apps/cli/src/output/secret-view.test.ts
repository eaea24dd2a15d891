import { describe, expect, it } from "vitest";
import { Output } from "./output.ts";
import { answerSecret } from "./secret-view.ts";

const BINARY = Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x0a);

function answered(secret: Uint8Array, where: { json?: boolean; isTTY?: boolean }): { out: Buffer; err: string } {
  const written: Uint8Array[] = [];
  let err = "";
  const out = { isTTY: where.isTTY ?? false, write: (data: string | Uint8Array) => void written.push(Buffer.from(data as Uint8Array)) };
  const sink = { write: (data: string | Uint8Array) => void (err += String(data)) };
  answerSecret(new Output({ json: where.json ?? false, out, err: sink }), secret);
  return { out: Buffer.concat(written), err };
}

describe("a secret that has arrived", () => {
  it.each([BINARY, Buffer.from("words\n"), Buffer.from("words"), Buffer.from("\ufeffwords")])(
    "is given to a program as it is",
    (secret) => {
      expect(answered(secret, {})).toEqual({ out: Buffer.from(secret), err: "" });
      const { base64 } = JSON.parse(answered(secret, { json: true }).out.toString()) as { base64: string };
      expect(Buffer.from(base64, "base64")).toEqual(Buffer.from(secret));
    },
  );

  it("has a text in JSON only where it is one", () => {
    expect(JSON.parse(answered(Buffer.from("words\n"), { json: true }).out.toString())).toMatchObject({ text: "words\n" });
    expect(JSON.parse(answered(BINARY, { json: true }).out.toString())).not.toHaveProperty("text");
  });

  it("is shown on a screen as text, and as base64 where text would alter it or act on the terminal", () => {
    expect(answered(Buffer.from("words"), { isTTY: true }).out.toString()).toBe("words\n");
    expect(answered(Buffer.from("two\nlines\n"), { isTTY: true }).out.toString()).toBe("two\nlines\n");
    for (const secret of [BINARY, Buffer.from("\u001b[2Jwords")]) {
      const { out, err } = answered(secret, { isTTY: true });
      expect(Buffer.from(out.toString(), "base64")).toEqual(Buffer.from(secret));
      expect(err).toContain("--out");
    }
  });
});
