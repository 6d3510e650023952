import { describe, expect, test } from "vitest";
import { contractFiles, python } from "../../generator/python/python.ts";
import type { ContractModel } from "../../generator/model.ts";
import { modesCatalog } from "./mode-contracts.ts";
import { field, smallCatalog, text } from "./small-catalog.ts";

/** The contracts that the SDK's own tests use; each is a package beside them, which needs no generator to run. */
const contracts = [...smallCatalog.contracts, ...modesCatalog.contracts].filter(
  ({ declaration }) => declaration.id !== "house",
);
const files = contracts.flatMap((contract) =>
  contractFiles(contract, `sdks/python/tests/contracts/${contract.declaration.id}`),
);

describe("each package of the SDK's own tests", () => {
  test.each(files)("$path is as it is emitted", async ({ path, text: emitted }) => {
    await expect(emitted).toMatchFileSnapshot(`../../${path}`);
  });
});

/** The first contract of the small catalog with other fields in the data of its first event. */
function withFields(names: readonly string[]): ContractModel {
  const [shop] = smallCatalog.contracts;
  if (shop === undefined) throw new Error("The small catalog has a contract.");
  const shape = {
    kind: "object",
    name: "OrderPlacedData",
    doc: null,
    fields: names.map((name) => field(name, text())),
  };
  const shapes = shop.shapes.map((other) =>
    other.name === shape.name ? { ...shape, kind: "object" as const } : other,
  );
  const events = shop.events.map((event) => ({ ...event, examples: [] }));
  return { ...shop, events, shapes };
}

function modelsOf(names: readonly string[]): string {
  const emitted = python.emit({ contracts: [withFields(names)] });
  return emitted.find(({ path }) => path.endsWith("/models.py"))?.text ?? "";
}

describe("attributes", () => {
  test.each([
    ["machineUrl", "machine_url"],
    ["HTTPStatus", "http_status"],
    ["x-key", "x_key"],
    ["_id", "id"],
    ["class", "class_"],
    ["None", "none_"],
    ["list", "list_"],
    ["delete", "delete"],
    ["2fa", "_2fa"],
    ["-", "dash"],
  ])("%s is called %s", (wire, attribute) => {
    expect(modelsOf([wire])).toContain(`_model.Field("${wire}", "${attribute}", "string")`);
  });
});
