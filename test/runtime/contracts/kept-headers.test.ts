import { describe, expect, test } from "vitest";
import { isSecretHeader, keepHeaders, keptBytesMax, masked } from "../../../runtime/contracts/kept-headers.ts";

describe("headers that are kept", () => {
  test.each([
    ["authorization", "whatever"],
    ["proxy-authorization", "whatever"],
    ["cookie", "sid=1"],
    ["set-cookie", "sid=1; HttpOnly"],
    ["x-api-key", "k"],
    ["apikey", "k"],
    ["ocp-apim-subscription-key", "k"],
    ["x-auth-token", "t"],
    ["x-csrf-token", "t"],
    ["x-hub-signature-256", "sha256=1"],
    ["x-shared-secret", "s"],
    ["x-webhook-password", "p"],
    ["x-session-id", "s"],
    ["x-anything", "Bearer abc"],
    ["x-anything", "basic YTpi"],
  ])("%s: %s is masked", (name, value) => {
    expect(isSecretHeader(name, value)).toBe(true);
    expect(keepHeaders({ [name]: value })).toEqual({ fields: [[name, masked]], isCut: false });
  });

  test.each([
    ["content-type", "application/json"],
    ["x-request-id", "req_1"],
    ["www-authenticate", 'Basic-like realm="a"'],
    ["x-environment", "production"],
    ["retry-after", "120"],
    ["x-author", "ada"],
    ["x-monkey", "see"],
    ["x-design", "basic"],
  ])("%s: %s is kept as it is", (name, value) => {
    expect(keepHeaders({ [name]: value })).toEqual({ fields: [[name, value]], isCut: false });
  });

  test("are 4 KB at most, names and values in bytes; what has room after a long one is kept", () => {
    const room = keptBytesMax - "x-a".length - "x-c".length - 2;
    const kept = keepHeaders({ "x-a": "é", "x-b": "b".repeat(keptBytesMax), "x-c": "c".repeat(room), "x-d": "" });
    expect(kept?.fields.map(([name]) => name)).toEqual(["x-a", "x-c"]);
    expect(kept?.isCut).toBe(true);
  });

  test("are without those by which browsers report errors", () => {
    const kept = keepHeaders({ "report-to": "{}", nel: "{}", "reporting-endpoints": "a", server: "cloudflare" });
    expect(kept).toEqual({ fields: [["server", "cloudflare"]], isCut: false });
  });

  test("are none where there are none", () => {
    expect(keepHeaders({})).toBeNull();
    expect(keepHeaders({ "x-a": "a".repeat(keptBytesMax) })).toEqual({ fields: [], isCut: true });
  });
});
