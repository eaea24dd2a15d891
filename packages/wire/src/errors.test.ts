import { describe, expect, it } from "vitest";
import { WireError, wireErrors } from "./errors.ts";
import { decodeFailure, encodeFailure, errorOfFailure } from "./failure.ts";
import { encodeFrame } from "./cbor.ts";

describe("failures", () => {
  it.each(Object.keys(wireErrors) as (keyof typeof wireErrors)[])("%s travels with its status and its wait", (code) => {
    const error = errorOfFailure(decodeFailure(encodeFailure(new WireError(code, "why", { retryAfter: 3 }))));
    expect(error).toMatchObject({ code, message: "why", retryAfter: 3, ...wireErrors[code] });
    expect(error.status).toBeGreaterThanOrEqual(400);
  });

  it("keeps what a newer relay says, as an error that may pass", () => {
    const error = errorOfFailure(decodeFailure(encodeFrame({ code: "tea/pot", message: "short and stout" })));
    expect(error).toMatchObject({ code: "relay/internal", message: "tea/pot: short and stout", retryable: true });
  });

  it("refuses a code that is none", () => {
    expect(() => decodeFailure(encodeFrame({ code: "<script>", message: "" }))).toThrow("not a code");
  });
});
