import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => {
  http = await openHttpHarness();
});
afterEach(() => http.close());

const endpoints = (tenant: string) => `/v1/orgs/${encodeURIComponent(tenant)}/webhook-endpoints`;
const made = { url: "https://a.example/", events: ["*"] };

test("a name is the same however it was typed, in the path and in the body", async () => {
  const body = { ...made, description: "Cafe\u0301\nterrace" };
  const { status } = await http.call({ method: "POST", path: endpoints("Zoe\u0308"), body });
  expect(status).toBe(201);
  const listed = await http.call({ method: "GET", path: endpoints("Zo\u00eb") });
  expect(listed.body.endpoints.map(({ description }) => description)).toEqual(["Caf\u00e9\nterrace"]);
});

test.each([
  ["description", { ...made, description: "a\0b" }],
  ["events[0]", { ...made, events: ["a\0"] }],
  ["metadata.owner", { ...made, metadata: { owner: "\u0007" } }],
  ["url", { ...made, url: "https://a.example/\u0085" }],
  ["description", { ...made, description: "\ud800" }],
  ["url", { ...made, url: `https://a.example/${"x".repeat(10_001)}` }],
])("what is not printable or too long is refused at %s", async (path, body) => {
  const answer = await http.call({ method: "POST", path: endpoints("acme"), body });
  expect([answer.status, answer.body.error]).toMatchObject([400, { code: "invalid_request", path }]);
});

test("a line break belongs to a body and to no query", async () => {
  const answer = await http.call({ method: "GET", path: `${endpoints("acme")}?after=a%0Ab` });
  expect([answer.status, answer.body.error.path]).toEqual([400, "after"]);
});

test("an empty list is told with how many there should be", async () => {
  const answer = await http.call({ method: "POST", path: endpoints("acme"), body: { ...made, events: [] } });
  expect(answer.body.error.message).toBe("events: expected an array of at least 1, got an array of 0.");
});
