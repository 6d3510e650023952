import openapiTypes, { astToString } from "openapi-typescript";
import ts from "typescript";
import { expect, test } from "vitest";
import { componentNames } from "../../generator/component-names.ts";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { openapiDocument } from "../../generator/openapi/openapi.ts";
import { readCatalog } from "../../generator/read/read-catalog.ts";
import { typebox } from "../../generator/typebox/typebox.ts";
import { typescript } from "../../generator/typescript/typescript.ts";
import { smallCatalog } from "./small-catalog.ts";
import { typeErrors } from "./type-errors.ts";
import type { Agree } from "./type-triangle.ts";

const options = { timeout: 60_000 };

test("for every event of the catalog the types of emit, OpenAPI and SDK agree", options, async () => {
  const { model } = readCatalog({ root: process.cwd(), index: "catalog/index.ts" });
  if (model === null) throw new Error("The catalog cannot be read.");
  const files = await triangle(model);
  expect(typeErrors(files)).toEqual([]);
  for (const { events, declaration } of model.contracts) {
    const file = files.get(`test/triangle/${declaration.id}.ts`) ?? "";
    for (const event of events) expect(file).toContain(`strict.${event.data},`);
  }
});

test("and for every kind of type in every state", options, async () => {
  expect(typeErrors(await triangle(smallCatalog))).toEqual([]);
});

test("a field of another type in the document is found", options, async () => {
  const document = JSON.stringify(openapiDocument(smallCatalog));
  const changed = document.replace('"gift":{"type":"boolean"}', '"gift":{"type":"string"}');
  expect(changed).not.toBe(document);
  expect(typeErrors(await triangle(smallCatalog, JSON.parse(changed)))).toEqual([
    expect.stringContaining("the document does not take what the schema says"),
  ]);
});

// These are checked by tsc: each difference has the type that names it.
test("each kind of difference is told from agreement", () => {
  interface Row {
    kind: "a" | "b";
    at: string | null;
    note?: string;
  }
  interface Open {
    kind: "a" | "b" | (string & {});
    at: string | null;
    note?: string;
  }
  const same: Agree<Row, Row, Open> = true;
  const closed: Agree<Row, Open, Row> = "the SDK does not take what the document says";
  const narrow: Agree<Row, Row & { at: string }, Open> = "the document does not take what the schema says";
  const lacking: Agree<Row, Omit<Row, "note">, Open> = "the fields of the schema and of the document differ";
  const optional: Agree<Row, Partial<Row>, Partial<Open>> = "the fields of the schema and of the document differ";
  const nullable: Agree<Row, Row, Open & { more?: 1 }> = "the fields of the document and of the SDK differ";
  const later: Agree<Row, Row, Open | { kind: "$unknown"; raw: unknown }> = true;
  const any: Agree<Row, Row, { [Key in keyof Open]: ReturnType<typeof JSON.parse> }> =
    "the fields of the document and of the SDK differ";
  expect([same, closed, narrow, lacking, optional, nullable, later, any]).toHaveLength(8);
});

/** The modules that emit, OpenAPI and SDK have, and one for each contract that compares them, by path. */
async function triangle(catalog: CatalogModel, document: object = openapiDocument(catalog)) {
  const emitted = [...typebox.emit(catalog), ...typescript.emit(catalog)].map(
    ({ path, text }) => [path, text] as const,
  );
  // The SDK has a type of its own for kinds that are added later; in the document they are any object.
  const published = await openapiTypes(JSON.parse(JSON.stringify(document)), {
    transform: (schema) => (isLater(schema) ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword) : undefined),
    emptyObjectsUnknown: true,
  });
  const compared = catalog.contracts.map(
    (contract) => [`test/triangle/${contract.declaration.id}.ts`, comparison(contract)] as const,
  );
  return new Map([...emitted, ["test/triangle/openapi.ts", astToString(published)] as const, ...compared]);
}

function isLater(schema: object): boolean {
  if (!("properties" in schema)) return false;
  const values = Object.values(schema.properties ?? {});
  return values.length === 1 && values.every((value) => typeof value === "object" && value !== null && "not" in value);
}

function comparison(contract: ContractModel): string {
  const { declaration, events, verdict } = contract;
  const names = componentNames(contract);
  const said = events.flatMap(({ data, meta }) => (meta === null ? [data] : [data, meta]));
  const shapes = [...new Set([...said, ...(verdict === null ? [] : [verdict])])];
  return [
    `import type * as strict from "../../runtime/generated/${declaration.id}/schemas.ts";`,
    `import type * as sdk from "../../sdks/typescript/src/contracts/${declaration.id}.ts";`,
    'import type { Agree } from "../generator/type-triangle.ts";',
    'import type { components } from "./openapi.ts";',
    'type Published = components["schemas"];',
    ...shapes.map((shape) => {
      const three = `strict.${shape}, Published["${names.ofShape(shape)}"], sdk.${shape}`;
      return `export const of${shape}: Agree<${three}> = true;`;
    }),
  ].join("\n");
}
