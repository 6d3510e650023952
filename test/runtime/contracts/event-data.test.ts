import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stech } from "../../../catalog/stech/contract.ts";
import { compileEventData, truncate } from "../../../runtime/contracts/event-data.ts";
import { HookwrightError } from "../../../runtime/errors.ts";
import { stechEventTypes } from "../../../runtime/generated/stech/schemas.ts";

type Type = keyof typeof stechEventTypes;

function prepare(type: Type, data: unknown): unknown {
  return compileEventData(type, stechEventTypes[type])(data);
}

function refusal(type: Type, data: unknown): { path: string | null; message: string } {
  try {
    prepare(type, data);
  } catch (error) {
    if (error instanceof HookwrightError && error.code === "invalid_event_data") return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

const [created] = Object.values(stech.examples["deployment.created"]);
const [completed] = Object.values(stech.examples["agent_run.completed"]);
const rateExample = { ...stech.examples["audit.flagged"]["a failure rate"] };

describe("what is accepted", () => {
  const all = Object.entries(stech.examples).flatMap(([type, examples]) =>
    Object.entries(examples).map(([name, data]) => ({ type: type as Type, name, data: data as unknown })),
  );

  test.each(all)("$type: $name, unchanged", ({ type, data }) => {
    expect(prepare(type, data)).toEqual(data);
  });
});

describe("what is refused, with its path, what was expected and what came", () => {
  test("a missing field", () => {
    const { machineUrl: _, ...rest } = created!;
    expect(refusal("deployment.created", rest)).toMatchObject({
      path: "data.machineUrl",
      message: expect.stringMatching(/^deployment.created: data.machineUrl: expected string, .*got nothing\.$/),
    });
  });

  test("a wrong type, deep inside", () => {
    const { path, message } = refusal("agent_run.completed", { ...completed, usage: { input: "12", output: null } });
    expect(path).toBe("data.usage.input");
    expect(message).toBe('agent_run.completed: data.usage.input: expected integer or null, got "12".');
  });

  test("null where the type does not take it", () => {
    const { message } = refusal("deployment.created", { ...created, agentName: null });
    expect(message).toBe("deployment.created: data.agentName: expected string, got null.");
  });

  test("an unknown key, by its name and never by its value: that is how a secret does not leave", () => {
    const { path, message } = refusal("deployment.created", { ...created, token: "sk_live_1234" });
    expect(path).toBe("data.token");
    expect(message).toContain("unknown key");
    expect(message).not.toContain("sk_live_1234");
  });

  test("a value outside its range, a format that is none, a literal that is not listed", () => {
    expect(refusal("audit.flagged", { ...rateExample, failureRate: 1.5 }).path).toBe("data.failureRate");
    expect(refusal("deployment.created", { ...created, machineUrl: "not a URL" }).message).toContain("format uri");
    const [promoted] = Object.values(stech.examples["agent_version.promoted_to_canary"]);
    const { message } = refusal("agent_version.promoted_to_canary", { ...promoted, channelName: "beta" });
    expect(message).toContain('"canary" or "stable"');
  });

  test("inside a variant: the field of the variant that was meant", () => {
    expect(refusal("audit.flagged", { ...rateExample, runs: undefined }).path).toBe("data.runs");
    expect(refusal("audit.flagged", { ...rateExample, kind: "agent_failure_rates" }).path).toMatch(/^data/);
  });

  test.each([undefined, null, 1, "text", []])("%o in place of an object", (data) => {
    expect(refusal("deployment.created", data).path).toBe("data");
  });
});

describe("truncated text (R-STECH-27, D-STECH-03)", () => {
  test("500 code units pass, 501 become 500 that end in …, and the caller's object stays as it was", () => {
    const data = { ...completed!, finalText: "x".repeat(501) };
    expect(prepare("agent_run.completed", { ...data, finalText: "x".repeat(500) })).toMatchObject({
      finalText: "x".repeat(500),
    });
    expect(prepare("agent_run.completed", data)).toMatchObject({ finalText: `${"x".repeat(499)}…` });
    expect(data.finalText).toHaveLength(501);
  });

  test("never longer than the most, never a broken surrogate pair, and what is kept is the start", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (given, max) => {
        const cut = truncate(given, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(given.isWellFormed());
        expect(given.startsWith(cut.replace(/…$/, "")) || cut === given).toBe(true);
        if (given.length <= max) expect(cut).toBe(given);
      }),
    );
  });
});
