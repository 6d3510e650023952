import { describe, expect, test } from "vitest";
import { catalog } from "../../catalog/index.ts";
import type { ContractModel, Field } from "../../generator/model.ts";
import { shapeOf } from "../../generator/model.ts";
import { readCatalog } from "../../generator/read/read-catalog.ts";

const input = { root: process.cwd(), index: "catalog/index.ts" };
const { model, diagnostics } = readCatalog(input);

function contractOf(id: string): ContractModel {
  const found = model?.contracts.find(({ declaration }) => declaration.id === id);
  if (found === undefined) throw new Error(`no contract ${id}`);
  return found;
}

test("the catalog has nothing wrong, and its contracts are in the order of the index", () => {
  expect(diagnostics).toEqual([]);
  expect(model?.contracts.map(({ declaration }) => declaration.id)).toEqual(catalog.map(({ id }) => id));
});

test("reading twice gives equal models", () => {
  expect(readCatalog(input).model).toEqual(model);
});

describe.each(catalog.map((contract) => [contract.id, contract] as const))("%s, run as a program", (id, contract) => {
  const { examples, ...declaration } = contract;
  const read = contractOf(id);

  test("declares what the reader saw, in the same order", () => {
    expect(read.declaration).toEqual(declaration);
    expect(JSON.stringify(read.declaration)).toBe(JSON.stringify(declaration));
  });

  test("has the examples that the reader saw, in the same order", () => {
    const seen = read.events.map(({ name, examples: own }) => [
      name,
      own.map(({ name: title, data, meta }) => [title, meta === undefined ? data : { data, meta }]),
    ]);
    const said = new Map(Object.entries<Record<string, unknown>>(examples));
    const inOrder = read.events.map(({ name }) => [name, Object.entries(said.get(name) ?? {})]);
    expect(seen).toEqual(inOrder);
    expect(said.size).toBe(read.events.length);
  });
});

describe("stech", () => {
  const stech = contractOf("stech");
  const fields = stech.shapes.flatMap((shape) => (shape.kind === "object" ? shape.fields : []));

  test("R-STECH-24: has its 15 event types, family after family", () => {
    expect(stech.events.map(({ name }) => name)).toEqual([
      "deployment.created",
      "deployment.failed",
      "agent_run.completed",
      "agent_run.failed",
      "agent_run.cancelled",
      "agent_run.blocked",
      "agent_version.deployed",
      "agent_version.promoted_to_canary",
      "agent_version.promoted_to_stable",
      "agent_version.rolled_back",
      "scim.user_added",
      "scim.user_deactivated",
      "scim.group_added",
      "admin_action.recorded",
      "audit.flagged",
    ]);
    expect(stech.events.map(({ group }) => group)).toEqual(stech.events.map(({ name }) => name.split(".")[0]));
  });

  test("R-STECH-25: strings are nullable where upstream is, and nothing is absent", () => {
    const nullable = "deployedByUserId runId conversationId externalId email stopReason iterations actionId targetType";
    const more = "targetId reason previousDeploymentId input output";
    for (const name of `${nullable} ${more}`.split(" ")) {
      const own = fields.filter((field) => field.name === name);
      expect([name, own.length > 0, own.every((field) => field.nullable)]).toEqual([name, true, true]);
    }
    const required = fields.filter(({ name }) => ["deploymentId", "agentName", "usage", "finalText"].includes(name));
    expect(required.filter((field) => field.nullable)).toEqual([]);
    expect(fields.filter((field) => field.optional)).toEqual([]);
  });

  test("R-STECH-27: finalText is cut at 500", () => {
    const type = fields.find(({ name }) => name === "finalText")?.type;
    expect(type).toEqual({ kind: "string", format: null, lengthMax: 500, truncated: true });
  });

  test("R-STECH-28: agent_run.blocked and the variant of audit.flagged are one shape", () => {
    expect(stech.events.find(({ name }) => name === "agent_run.blocked")?.data).toBe("BlockedRun");
    const union = shapeOf(stech, "AuditFlaggedData");
    expect(union).toMatchObject({ kind: "union", discriminator: "kind", open: true, doc: null });
    expect(union.kind === "union" ? union.variants : []).toEqual([
      { tag: "admin_action", shape: "FlaggedAdminAction" },
      { tag: "agent_run_blocked", shape: "BlockedRun" },
      { tag: "agent_failure_rate", shape: "AgentFailureRate" },
      { tag: "usage_soft_cap", shape: "UsageSoftCap" },
      { tag: "usage_hard_cap", shape: "UsageHardCap" },
    ]);
  });

  test("its shapes have names of their own, are what its events carry, and need only shapes before them", () => {
    const names = stech.shapes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    // Declared for the families alone, so no payload has it.
    expect(names).not.toContain("UsageCap");
    expect(names.filter((name) => name === "AgentRunUsage")).toEqual(["AgentRunUsage"]);
    for (const [index, shape] of stech.shapes.entries()) {
      const used = shape.kind === "object" ? shape.fields.flatMap(shapesIn) : shape.variants.map((one) => one.shape);
      expect(used.filter((name) => !names.slice(0, index).includes(name))).toEqual([]);
    }
  });

  test("documentation and places are those of the declaration", () => {
    const blocked = stech.events.find(({ name }) => name === "agent_run.blocked");
    expect(blocked?.doc).toEqual({
      summary: "A guardrail terminated a run; its stop reason is `blocked:<kind>`.",
      details:
        "The payload has the same bytes as that of `audit.flagged` with kind `agent_run_blocked`. Subscribe to this type to skip the noisier aggregate.",
      deprecated: null,
    });
    expect(stech.events[0]?.span).toEqual({ file: "catalog/stech/deployment.ts", line: 5, column: 3, length: 20 });
  });
});

function shapesIn({ type }: Pick<Field, "type">): readonly string[] {
  if (type.kind === "shape") return [type.name];
  if (type.kind === "array") return shapesIn(type.items);
  return type.kind === "record" ? shapesIn(type.values) : [];
}
