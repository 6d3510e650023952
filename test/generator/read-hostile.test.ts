import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readCatalog } from "../../generator/read/read-catalog.ts";
import { contractFile, eventsFile, indexFile, read, shop } from "./fixtures/shop-files.ts";
import type { Files } from "./fixtures/shop-files.ts";

function codes(files: Files): readonly string[] {
  return read(files).diagnostics.map(({ code }) => code);
}

const files = [indexFile, contractFile, eventsFile, "catalog/presets.ts"];

test.each(files)("an empty %s is a diagnostic", (path) => {
  expect(codes(shop({ files: { [path]: "" } }))).not.toEqual([]);
});

test.each(files)("binary junk in %s is a few diagnostics", (path) => {
  const junk = String.fromCharCode(...Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));
  const found = codes(shop({ files: { [path]: junk.replaceAll("«", "") } }));
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThan(20);
});

test.each([
  ["a value", "export const catalog = ", "[", "]"],
  ["a type", "type A = ", "{ a: ", "}"],
  ["an expression", "export const catalog = ", "(", ")"],
])("%s nested 20,000 deep is one diagnostic", (_, head, open, close) => {
  const text = `${head}${open.repeat(20_000)}1${close.repeat(20_000)};`;
  expect(codes(shop({ files: { [indexFile]: text } }))).toEqual(["HW001"]);
});

test("a sum of 5,000 terms is nested too deeply, and no more", () => {
  const found = codes(shop({ contract: { timeoutSeconds: `timeoutSeconds: ${"1 + ".repeat(5_000)}1` } }));
  expect(found.filter((code) => code !== "HW006")).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
});

test("what is thrown while reading is a diagnostic at the contract", () => {
  // Each alias is an array of the one before and is read once, so no limit of nesting stops it before the stack ends.
  const aliases = Array.from({ length: 18_000 }, (_, index) => `type A${index + 1} = A${index}[];`);
  const fields = Array.from({ length: 450 }, (_, index) => `f${index}?: A${(index + 1) * 40};`);
  const { diagnostics } = read(
    shop({
      types: ["type A0 = string;", ...aliases].join("\n"),
      events: `/** It. */ "order.placed": { orderId: Id; ${fields.join(" ")} };`,
    }),
  );
  expect(diagnostics.map(({ code, span }) => [code, span.file])).toEqual([["HW005", contractFile]]);
});

test("imports in a circle and constants made of themselves end", () => {
  const found = codes(
    shop({
      contract: { title: "title: a" },
      files: {
        [indexFile]: 'export * from "./index.ts";\nexport { catalog } from "./index.ts";',
      },
    }),
  );
  expect(found).toEqual(["HW003"]);
  const self = read(
    shop({
      contract: { title: "title: a.title" },
      files: {
        [contractFile]:
          'import { contract } from "../contract.ts";\nconst a = { ...b };\nconst b = { ...a };\nexport const shop = contract<{}>(a);',
      },
    }),
  );
  expect(self.diagnostics.map(({ message }) => message)).toEqual(["a is made of itself"]);
});

test("an import that leaves the project is not followed", () => {
  const found = read(
    shop({ files: { [indexFile]: 'import { a } from "../../../etc/passwd";\nexport const catalog = [a];' } }),
  );
  expect(found.diagnostics.map(({ code }) => code)).toEqual(["HW004"]);
});

test("files are read from the root, and their paths stay relative to it", () => {
  const root = mkdtempSync(join(tmpdir(), "catalog-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "catalog", "shop"), { recursive: true });
  for (const [path, text] of Object.entries(shop())) writeFileSync(join(root, path), text);
  const { model, diagnostics } = readCatalog({ root, index: indexFile });
  expect(diagnostics).toEqual([]);
  expect(model?.contracts[0]?.events[0]?.span.file).toBe(eventsFile);
  rmSync(join(root, "catalog", "presets.ts"));
  expect(readCatalog({ root, index: indexFile }).diagnostics.map(({ code, span }) => [code, span.file])).toEqual([
    ["HW001", contractFile],
  ]);
});

const piece = fc.constantFrom(
  ..."{ } [ ] ( ) < > ; : , . ? | & ... = => as const satisfies interface type extends export import from enum null".split(
    " ",
  ),
  ..."undefined any string number Id Open Range Omit Record A B ShopEvents shop catalog contract a b 1 `x` -".split(
    " ",
  ),
  ...['"a.b"', '"./order.ts"', "/** x */", "\n", "// x\n"],
);

test("any order of words ends in a model or in an error with a place", () => {
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(" "));
  const path = fc.constantFrom(...files);
  fc.assert(
    fc.property(path, text, fc.boolean(), (file, words, isAdded) => {
      const whole = shop();
      const { model, diagnostics } = read({ ...whole, [file]: isAdded ? `${whole[file]}\n${words}` : words });
      expect(model === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
      for (const { code, span } of diagnostics) {
        expect(code).not.toBe("HW005");
        expect(files).toContain(span.file);
        expect(Math.min(span.line, span.column, span.length)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});

test("any type in a field ends in a model or in an error with a place", () => {
  const { type } = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom("string", "Id", "Int", '"a"', "1", "null", "unknown", "A", "U", "never", "undefined", "Date"),
      tie("type").map((inner) => `${inner}[]`.replace(/^(.*[|&].*)\[\]$/s, "($1)[]")),
      tie("type").map((inner) => `{ kind: "a"; x?: ${inner} }`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `(${a} | ${b})`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `(${a} & ${b})`),
      tie("type").map((inner) => `Open<${inner}>`),
      tie("type").map((inner) => `Omit<${inner}, "x">`),
      tie("type").map((inner) => `Partial<${inner}>`),
      tie("type").map((inner) => `Record<string, ${inner}>`),
      tie("type").map((inner) => `Box<${inner}>`),
    ),
  }));
  const types = 'interface A { kind: "a" }\ntype U = A | { kind: "b" };\ninterface Box<T> { kind: "c"; it: T }';
  fc.assert(
    fc.property(type, (text) => {
      const { model, diagnostics } = read(
        shop({ types, events: `/** It. */ "order.placed": { orderId: Id; it?: ${text} };` }),
      );
      expect(model === null).toBe(diagnostics.length > 0);
      expect(diagnostics.map(({ code }) => code)).not.toContain("HW005");
    }),
    { numRuns: 300 },
  );
});
