import { describe, expect, test } from "vitest";
import { emitters } from "../../generator/emitters.ts";
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

test("every target is made for a catalog with names that would be the same", () => {
  const [shop] = smallCatalog.contracts;
  const [first] = shop?.events ?? [];
  const door = smallCatalog.contracts[1]?.shapes[0];
  if (shop === undefined || first === undefined || door === undefined) throw new Error("The small catalog has both.");
  const shapes = ["OrderPlaced", "Type", "UnknownNote", "Record", "Webhook", "Event"].map((name) => ({
    ...door,
    name,
  }));
  const events = [...shop.events, { ...first, name: "order_placed" }];
  const catalog = { contracts: [{ ...shop, events, shapes: [...shop.shapes, ...shapes] }] };
  for (const emitter of emitters) expect(() => emitter.emit(catalog)).not.toThrow();
});
