import { expect, test } from "vitest";
import { exampleEvents } from "../../generator/example-events.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { isUuid } from "../../runtime/contracts/formats.ts";
import { smallCatalog } from "./small-catalog.ts";

const all = smallCatalog.contracts.flatMap((contract) =>
  contract.events.flatMap((eventType) =>
    exampleEvents(contract, eventType).map((example, index) => ({ contract, eventType, example, index })),
  ),
);

test.each(all)("$eventType.name, $example.name: is the body that the runtime renders", (given) => {
  const { contract, eventType, example, index } = given;
  const { envelope, tenant } = contract.declaration;
  const time = example.event["occurredAt"] ?? Date.parse(String(example.event["timestamp"]));
  const id = String(example.event["id"]);
  const data = eventType.examples[index]?.data;
  const body = renderEnvelope(envelope, { id, type: eventType.name, time: Number(time), tenant: tenant.example, data });
  expect(JSON.stringify(example.event)).toBe(body);
});

test("ids have the contract's form, hold their event's time, and differ", () => {
  const shop = all.filter(({ contract }) => contract.declaration.id === "shop").map(({ example }) => example.event);
  const ids = shop.map((event) => String(event["id"]));
  expect(new Set(ids).size).toBe(shop.length);
  for (const [index, id] of ids.entries()) {
    expect(id).toMatch(/^evt_.{13}-7.{3}-[89ab]/);
    expect(isUuid(id.slice(4))).toBe(true);
    expect(parseInt(id.slice(4).replaceAll("-", "").slice(0, 12), 16)).toBe(shop[index]?.["occurredAt"]);
  }
});

test("an example keeps its id and time when others are added before it", () => {
  const [shop] = smallCatalog.contracts;
  const event = shop?.events[0];
  if (shop === undefined || event === undefined) throw new Error("There is a shop.");
  const [first] = event.examples;
  const more = { ...event, examples: [{ name: "another", data: first?.data }, ...event.examples] };
  expect(exampleEvents(shop, more).slice(1)).toEqual(exampleEvents(shop, event));
});
