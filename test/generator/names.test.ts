import { describe, expect, test } from "vitest";
import { emitters } from "../../generator/emitters.ts";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { camelCase, isIdentifier, nameSpace, pascalCase } from "../../generator/names.ts";
import { smallCatalog } from "./small-catalog.ts";

test.each([
  ["deployment.created", "DeploymentCreated", "deploymentCreated"],
  ["agent_run.promoted_to_stable", "AgentRunPromotedToStable", "agentRunPromotedToStable"],
  ["AgentRunUsage", "AgentRunUsage", "agentRunUsage"],
  ["x-stech-event", "XStechEvent", "xStechEvent"],
  ["2fa.enabled", "_2faEnabled", "_2faEnabled"],
])("%s is %s and %s", (text, pascal, camel) => {
  expect(pascalCase(text)).toBe(pascal);
  expect(camelCase(text)).toBe(camel);
});

test("keywords and names with other characters are no identifiers", () => {
  expect(["Deployment", "_2fa", "$"].every(isIdentifier)).toBe(true);
  expect(["class", "string", "2fa", "a-b", ""].some(isIdentifier)).toBe(false);
});

describe("a name space", () => {
  test("gives each name once and names both owners", () => {
    const names = nameSpace("The SDK", new Map([["Webhook", "a name of the SDK"]]));
    expect(names.claim("Order", "the shape Order")).toBe("Order");
    expect(() => names.claim("Order", "the event type order")).toThrow(
      "The SDK: two things are called Order: the shape Order and the event type order. Rename one of them in the catalog.",
    );
    expect(() => names.claim("Webhook", "the shape Webhook")).toThrow("a name of the SDK and the shape Webhook");
    expect(() => names.claim("a-b", "the shape a-b")).toThrow('no name that is an identifier; got "a-b"');
  });
});

describe("a catalog whose names collide is refused by every target that would write the name", () => {
  const [shop] = smallCatalog.contracts;
  const door = smallCatalog.contracts[1]?.shapes[0];
  if (shop === undefined || door === undefined) throw new Error("The small catalog has two contracts.");
  const with_ = (changes: Partial<ContractModel>): CatalogModel => ({ contracts: [{ ...shop, ...changes }] });
  const targetsOf = (messages: readonly string[]) => messages.map((message) => message.split(":")[0]);
  const failing = (catalog: CatalogModel) =>
    emitters.flatMap((emitter) => {
      try {
        emitter.emit(catalog);
        return [];
      } catch (error) {
        return [`${emitter.target}: ${error instanceof Error ? error.message : ""}`];
      }
    });

  test("a shape called like an event", () => {
    const found = failing(with_({ shapes: [...shop.shapes, { ...door, name: "OrderPlaced" }] }));
    expect(targetsOf(found)).toEqual(["jsonschema", "openapi", "asyncapi", "typescript", "python", "go"]);
    expect(found[3]).toContain("the shape OrderPlaced and the event type order.placed");
  });

  test("two event types that differ in punctuation only", () => {
    const [first] = shop.events;
    if (first === undefined) throw new Error("The small catalog has events.");
    const found = failing(with_({ events: [...shop.events, { ...first, name: "order_placed" }] }));
    expect(targetsOf(found)).toEqual(["jsonschema", "openapi", "asyncapi", "typescript", "python", "go"]);
  });

  test("a shape called like a type of the generated modules", () => {
    expect(failing(with_({ shapes: [...shop.shapes, { ...door, name: "Type" }] }))[0]).toMatch(/^typebox: /);
    expect(failing(with_({ shapes: [...shop.shapes, { ...door, name: "UnknownNote" }] }))[0]).toMatch(/^typescript: /);
    expect(failing(with_({ shapes: [...shop.shapes, { ...door, name: "Record" }] }))).toHaveLength(2);
  });

  test("two contracts", () => {
    const found = failing({ contracts: [shop, shop] });
    expect(targetsOf(found)).toEqual(["emit", "jsonschema", "openapi", "asyncapi"]);
  });
});
