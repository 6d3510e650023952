import { mkdtempSync, readFileSync, rmSync, statSync, chmodSync, writeFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HookwrightError } from "../../runtime/errors.ts";
import { keyHash, newApiKey } from "../../runtime/secrets/api-key.ts";
import { openKeyRing, parseKeyRing } from "../../runtime/secrets/key-ring.ts";
import { openLocalAdminKey, openLocalKeyRing } from "../../runtime/secrets/local-keys.ts";
import { newSecret, secretContext } from "../../runtime/secrets/signing-secret.ts";

const oldKey = { id: "old", key: Buffer.alloc(32, 1) };
const newKey = { id: "new", key: Buffer.alloc(32, 2) };
const here = secretContext({ tenant: "acme", id: "whe_1" }, "current");

function errorOf(work: () => unknown): HookwrightError {
  try {
    work();
  } catch (error) {
    if (error instanceof HookwrightError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

describe("the key ring (R-STECH-52)", () => {
  test("opens what it sealed, whatever the text", () => {
    const ring = openKeyRing([oldKey]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, context) => {
        expect(ring.open(ring.seal(text, context), context)).toBe(text);
      }),
    );
  });

  test("writes v1.<key>.<nonce>.<ciphertext>.<tag> with a nonce of 96 bits, new each time", () => {
    const ring = openKeyRing([oldKey]);
    const sealed = ring.seal("secret", here).split(".");
    expect(sealed.slice(0, 2)).toEqual(["v1", "old"]);
    expect(sealed.slice(2).map((part) => Buffer.from(part, "base64url").length)).toEqual([12, 6, 16]);
    expect(ring.seal("secret", here)).not.toBe(ring.seal("secret", here));
  });

  test("seals with the first key and opens with all, so that keys can be changed", () => {
    const before = openKeyRing([oldKey]).seal("secret", here);
    const during = openKeyRing([newKey, oldKey]);
    expect(during.open(before, here)).toBe("secret");
    expect(during.seal("secret", here)).toMatch(/^v1\.new\./);
    expect(errorOf(() => openKeyRing([newKey]).open(before, here)).message).toContain('"old"');
  });

  test("does not open a ciphertext that was moved to another row, tenant or column", () => {
    const ring = openKeyRing([oldKey]);
    const one = ring.seal("secret one", here);
    const others = [
      secretContext({ tenant: "acme", id: "whe_2" }, "current"),
      secretContext({ tenant: "globex", id: "whe_1" }, "current"),
      secretContext({ tenant: "acme", id: "whe_1" }, "previous"),
      "acme|whe_1|other_column",
    ];
    for (const context of others) expect(errorOf(() => ring.open(one, context)).code).toBe("secret_unreadable");
  });

  test("does not open under another key's name", () => {
    const ring = openKeyRing([oldKey, { id: "twin", key: oldKey.key }]);
    const sealed = ring.seal("secret", here).replace(/^v1\.old\./, "v1.twin.");
    expect(errorOf(() => ring.open(sealed, here)).code).toBe("secret_unreadable");
  });

  test("does not open what was changed or cut, and says nothing of the secret", () => {
    const ring = openKeyRing([oldKey]);
    const sealed = ring.seal("whsec_canary", here);
    const parts = sealed.split(".");
    const broken = [
      "",
      "v2" + sealed.slice(2),
      sealed.slice(0, -1),
      `${sealed}.`,
      parts.slice(0, 4).join("."),
      [...parts.slice(0, 4), parts[4]?.slice(0, 6)].join("."),
      [...parts.slice(0, 3), `A${parts[3]?.slice(1)}`, parts[4]].join("."),
      "whsec_canary",
    ];
    for (const text of broken.filter((text) => text !== sealed)) {
      const error = errorOf(() => ring.open(text, here));
      expect([text, error.code]).toEqual([text, "secret_unreadable"]);
      expect(`${error.message} ${String(error.cause)}`).not.toContain("canary");
    }
  });

  test("is read from id:base64, the first one first", () => {
    const text = [newKey, oldKey].map(({ id, key }) => `${id}:${key.toString("base64")}`).join(", ");
    expect(parseKeyRing(text).seal("secret", here)).toMatch(/^v1\.new\./);
    expect(parseKeyRing(text).open(openKeyRing([oldKey]).seal("secret", here), here)).toBe("secret");
  });

  test.each(["", "old", ":AAAA", "old:AAAA", "o.ld:AAAA", "old:!", `old:${"A".repeat(43)}=,old:${"A".repeat(43)}=`])(
    "is not read from %j, and the message holds no key",
    (text) => {
      const error = errorOf(() => parseKeyRing(text));
      expect(error.code).toBe("invalid_configuration");
      expect(error.message).toMatch(/^HOOKWRIGHT_SECRET_KEYS: /);
      expect(error.message).not.toMatch(/A{4}/);
    },
  );
});

describe("signing secrets", () => {
  const random = (bytes: number) => Buffer.alloc(bytes, 0xab);
  test("have the contract's prefix, length and encoding (R-STECH-04)", () => {
    const base = { prefix: "whsec_", bytes: 32, scope: "endpoint", rotation: { kind: "atomic" } } as const;
    expect(newSecret({ ...base, encoding: "hex" }, random)).toBe(`whsec_${"ab".repeat(32)}`);
    expect(newSecret({ ...base, encoding: "base64" }, random)).toBe(`whsec_${random(32).toString("base64")}`);
  });
});

test("an API key has its id, 256 bits of chance, and a hash that is not the key", () => {
  const key = newApiKey("cd".repeat(8), (bytes) => Buffer.alloc(bytes, 0xcd));
  expect(key).toBe(`hwk_${"cd".repeat(8)}_${Buffer.alloc(32, 0xcd).toString("base64url")}`);
  expect(keyHash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

describe("files of local mode", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hookwright-keys-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test("keys are made beside the database, in its folder, and are the same the next time", () => {
    const database = join(folder, "data", "hookwright.db");
    const sealed = openLocalKeyRing(database).seal("secret", here);
    expect(openLocalKeyRing(database).open(sealed, here)).toBe("secret");
    expect(readdirSync(join(folder, "data"))).toEqual(["hookwright.db.keys"]);
  });

  test.skipIf(process.platform === "win32")("only their owner can read them (0600), or they are refused", () => {
    const database = join(folder, "hookwright.db");
    openLocalKeyRing(database);
    const file = `${database}.keys`;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    const error = errorOf(() => openLocalKeyRing(database));
    expect(error.code).toBe("invalid_configuration");
    expect(error.message).toContain("chmod 600");
    expect(error.message).not.toContain(readFileSync(file, "utf8").trim().slice("local:".length));
  });

  test("a file that was spoilt is refused and left as it is", () => {
    const database = join(folder, "hookwright.db");
    writeFileSync(`${database}.keys`, "", { mode: 0o600 });
    expect(errorOf(() => openLocalKeyRing(database)).code).toBe("invalid_configuration");
    expect(readFileSync(`${database}.keys`, "utf8")).toBe("");
  });

  test("in memory, keys live as long as the process and nothing is written", () => {
    const ring = openLocalKeyRing(":memory:");
    const sealed = ring.seal("secret", here);
    expect(errorOf(() => openLocalKeyRing(":memory:").open(sealed, here)).code).toBe("secret_unreadable");
  });

  test("the operator's key is given once, and its hash is kept", () => {
    const database = join(folder, "hookwright.db");
    const made = openLocalAdminKey(database);
    expect(made.key).toMatch(/^hwk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(made.hash).toBe(keyHash(made.key ?? ""));
    expect(openLocalAdminKey(database)).toEqual({ hash: made.hash, key: null });
    expect(readFileSync(`${database}.admin`, "utf8")).not.toContain(made.key);
  });
});
