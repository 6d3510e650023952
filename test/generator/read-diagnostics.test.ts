import { describe, expect, test } from "vitest";
import { diagnosticTable } from "../../generator/diagnostics.ts";
import { companionFaults } from "./fixtures/companion-faults.ts";
import { contractFaults } from "./fixtures/contract-faults.ts";
import { eventFaults } from "./fixtures/event-faults.ts";
import { exampleFaults } from "./fixtures/example-faults.ts";
import { fileFaults } from "./fixtures/file-faults.ts";
import { action, modeFaults } from "./fixtures/mode-faults.ts";
import { example, read, shop } from "./fixtures/shop-files.ts";
import type { Fault, Faults } from "./fixtures/shop-files.ts";
import { typeFaults } from "./fixtures/type-faults.ts";

const tables: readonly Faults[] = [
  fileFaults,
  contractFaults,
  modeFaults,
  companionFaults,
  eventFaults,
  typeFaults,
  exampleFaults,
];
const cases = tables.flatMap((table) => Object.entries<readonly Fault[]>(table));
/** By code, of all tables together. */
const faults = Object.fromEntries(
  [...new Set(cases.map(([code]) => code))].map((code) => [
    code,
    cases.filter(([other]) => other === code).flatMap(([, found]) => found),
  ]),
);

test("a catalog with nothing wrong has no diagnostics", () => {
  expect(read(shop()).text).toBe("");
});

test("an action with nothing wrong has a verdict and no diagnostics", () => {
  const { model, text } = read(action({}));
  expect(text).toBe("");
  const [contract] = model?.contracts ?? [];
  expect(contract?.verdict).toBe("Verdict");
  expect(contract?.shapes.map(({ name }) => name)).toEqual(["OrderPlacedData", "Verdict"]);
});

test("a timestamp inside the signature header needs no header of its own", () => {
  const signature = `signature: { ...standardWebhooks.signature, content: ["timestamp", "body"],
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" } }`;
  const headers = 'headers: { "webhook-id": "event.id", "webhook-signature": "signature" }';
  expect(read(shop({ contract: { signature, headers } })).text).toBe("");
});

describe.each(Object.entries(faults))("%s", (code, cases: readonly Fault[]) => {
  test.each(cases)("$title", ({ files, message, remedy }) => {
    const { diagnostics, marks, model } = read(files);
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.message])).toEqual([[code, message]]);
    expect(diagnostics.map(({ span }) => span)).toEqual(marks);
    expect(model).toBeNull();
    if (remedy !== undefined) expect(diagnostics[0]?.remedy).toBe(remedy);
  });
});

test("every code but those of the unexpected has a fixture, and every fixture a code", () => {
  const unexpected = ["HW005", "HW080"];
  expect(Object.keys(faults).toSorted()).toEqual(
    Object.keys(diagnosticTable).filter((code) => !unexpected.includes(code)),
  );
});

test("a companion that fits has nothing wrong with it, whatever it is made of", () => {
  const events = `/** It. */ "order.placed": { id: Id; count: Int; state: "a" | "b"; note?: string | null; lines: Line[] };
/** It. */ "order.told": { kind: "told"; id: string; count: number | null; state: string; note?: string | null; lines: Line[] };
/** It. */ "order.kept": { what: string; count: number; at: Timestamp | null };`;
  const placed = 'id: "o", count: 1, state: "a", lines: []';
  const examples = `"order.placed": { one: { ${placed} } }, "order.told": { one: { kind: "told", ${placed} } },
"order.kept": { one: { what: "a", count: 1, at: null } }`;
  const companions = `companions: [
  { of: "order.placed", when: { field: "state", in: ["b"] }, emits: "order.told", data: { kind: "same", adds: { kind: "told" } } },
  { of: "order.told", contract: "shop", emits: "order.kept", data: { kind: "made", fields: { what: { from: "id" }, count: { constant: 2 }, at: { constant: null } } } },
]`;
  expect(read(shop({ events, types: "interface Line { sku: Id }", examples, contract: { companions } })).text).toBe("");
});

test("companions that lead back to each other are told one by one", () => {
  const events = `/** It. */ "order.placed": { id: Id }; /** It. */ "order.told": { id: Id };`;
  const examples = `"order.placed": { one: { id: "o" } }, "order.told": { one: { id: "o" } }`;
  const data = 'data: { kind: "same", adds: {} }';
  const companions = `companions: [
  { of: "order.placed", emits: «"order.told"», ${data} },
  { of: "order.told", emits: «"order.placed"», ${data} },
]`;
  const { diagnostics, marks } = read(shop({ events, examples, contract: { companions } }));
  expect(diagnostics.map(({ code }) => code)).toEqual(["HW074", "HW074"]);
  expect(diagnostics.map(({ span }) => span)).toEqual(marks);
});

test("all problems are reported in one run, in the order of files, lines and columns", () => {
  const { diagnostics, marks } = read({
    ...shop({
      contract: { title: "title: «make()»", url: "url: «1 + true»" },
      events: `/** It. */ "order.placed": { a: «Date»; b: «any»; c: «Nowhere» };
«"order.paid"»: { a: «bigint» };`,
      examples: '"order.placed": { one: {} }, "order.paid": { one: {} }',
    }),
  });
  const codes = ["HW012", "HW012", "HW021", "HW023", "HW020", "HW042", "HW021"];
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  expect(diagnostics.map(({ span }) => span)).toEqual(marks);
});

test("a value that two examples share is pointed at where it is written", () => {
  const { diagnostics, marks } = read(
    shop({
      contract: { examples: "examples" },
      files: {
        "catalog/shop/contract.ts": `import { contract } from "../contract.ts";
import { standardWebhooks } from "../presets.ts";
import { examples } from "./examples.ts";
import type { ShopEvents } from "./order.ts";
export const shop = contract<ShopEvents>({ ...standardWebhooks, id: "shop", examples });`,
        "catalog/shop/examples.ts": `const shared = { orderId: «1» };
export const examples = { "order.placed": { one: shared, two: { ...shared } } } satisfies Examples<ShopEvents>;`,
      },
    }),
  );
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'order.placed.examples["one"].orderId: expected an identifier, got 1',
    'order.placed.examples["two"].orderId: expected an identifier, got 1',
  ]);
  expect(new Set(diagnostics.map(({ span }) => JSON.stringify(span)))).toEqual(
    new Set(marks.map((mark) => JSON.stringify(mark))),
  );
});

test("what cannot be read makes no second diagnostic for what follows from it", () => {
  const { diagnostics } = read(
    shop({
      files: {
        "catalog/shop/order.ts": `import type { Id } from "../vocabulary.ts";
import type { Gone, Gone2 } from "./gone.ts";
export interface ShopEvents extends Gone {}
export interface Other { a: Gone2 }`,
      },
    }),
  );
  expect(diagnostics.map(({ code, span }) => [code, span.line])).toEqual([["HW001", 2]]);
});

test("null is a value of unknown, and absence none of a required field", () => {
  expect(read(example("unknown", "null")).text).toBe("");
  expect(
    read(shop({ events: '/** It. */ "order.placed": { it: unknown };', examples: '"order.placed": { one: {} }' })).text,
  ).toContain("the field it is missing");
});
