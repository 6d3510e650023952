import type { ContractModel, Type } from "../model.ts";
import { shapeOf } from "../model.ts";
import { verdictRule, verdictShape } from "../receiver-contract.ts";
import { secretsOf, signatureValue } from "./signing.ts";
import { signedAt } from "./vector.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a handler answers; the members of `overrides` and `others` have the names of the wire. */
export interface Verdict {
  readonly decision: "allow" | "deny";
  readonly code?: string;
  readonly reason?: string;
  readonly overrides?: Members;
  readonly others?: Members;
}

/** A verdict, and the body and the header of its answer, or why there is none. */
export interface VerdictVector {
  readonly name: string;
  readonly trigger: string;
  readonly verdict: Verdict;
  readonly body?: string;
  readonly sign?: Members | null;
  readonly error?: string;
}

/** Answers to each trigger, signed and unsigned. A contract without verdicts has none. */
export function verdictVectors(contract: ContractModel): readonly VerdictVector[] {
  const { declaration } = contract;
  if (declaration.mode !== "action") return [];
  return Object.entries(declaration.triggers).flatMap(([trigger, { answer }]) => [
    ...[...allowed(contract), ...(answer === "informational" ? [] : denied), ...overriding(contract, answer)].flatMap(
      ([name, verdict]) => answers(contract, { name: `${trigger}, ${name}`, trigger, verdict }),
    ),
    ...refused(contract, answer).map(([name, verdict]) => {
      return { name: `${trigger}, ${name}`, trigger, verdict, error: "verdict_invalid" };
    }),
  ]);
}

type Answer = "decides" | "decides-and-overrides" | "informational";
type Named = readonly [name: string, verdict: Verdict];

function allowed(contract: ContractModel): readonly Named[] {
  const others = examplesOf(contract, verdictRule(contract).others);
  const withOthers: Named = ["allow with all that is neither decision nor override", { decision: "allow", others }];
  return [["allow", { decision: "allow" }], ...(Object.keys(others).length === 0 ? [] : [withOthers])];
}

const denied: readonly Named[] = [
  ["deny", { decision: "deny" }],
  ["deny with a code", { decision: "deny", code: "not_today" }],
  ["deny with code and reason", { decision: "deny", code: "not_today", reason: 'Grüße, 🦊 "\\/\n' }],
];

function overriding(contract: ContractModel, answer: Answer): readonly Named[] {
  if (answer !== "decides-and-overrides") return [];
  const overrides = examplesOf(contract, verdictRule(contract).overrides);
  const single = Object.entries(overrides).map(([name, value]): Named => {
    return [`allow and override ${name}`, { decision: "allow", overrides: { [name]: value } }];
  });
  return [...single, ["allow and override everything", { decision: "allow", overrides }]];
}

function refused(contract: ContractModel, answer: Answer): readonly Named[] {
  const overrides = examplesOf(contract, verdictRule(contract).overrides);
  const denial: Named = ["deny where the answer changes nothing", { decision: "deny" }];
  const override: Named = ["override where it is not allowed", { decision: "allow", overrides }];
  switch (answer) {
    case "informational":
      return [denial, override];
    case "decides":
      return [override];
    case "decides-and-overrides":
      return [
        ["override what there is not", { decision: "allow", overrides: { added_later: 1 } }],
        ["override with a denial", { decision: "deny", overrides }],
      ];
  }
}

function answers(contract: ContractModel, vector: VerdictVector): readonly VerdictVector[] {
  const { declaration } = contract;
  const body = bodyOf(contract, vector.verdict);
  const plain = { ...vector, body, sign: null };
  if (declaration.signature === null) return [plain];
  const [secret] = secretsOf(declaration, "current");
  const value = signatureValue(declaration, { body, secrets: ["current"], at: signedAt });
  const sign = { secret, now: signedAt, header: verdictRule(contract).signatureHeader, value };
  return [plain, { ...plain, name: `${vector.name}, signed`, sign }];
}

/** Decision, code, reason, then what the contract's verdict has beside them in its order; what is absent is left out. */
function bodyOf(contract: ContractModel, verdict: Verdict): string {
  const rule = verdictRule(contract);
  const word = verdict.decision === "deny" ? rule.denies : rule.allows;
  const first = { [rule.decision]: word, [rule.code]: verdict.code, [rule.reason]: verdict.reason };
  const given: Members = { ...verdict.overrides, ...verdict.others };
  const beside = verdictShape(contract).fields.flatMap(({ name }) => (name in given ? [[name, given[name]]] : []));
  return JSON.stringify({ ...first, ...Object.fromEntries(beside) });
}

/** A value for each of these members of the verdict, in the order of the verdict's shape. */
function examplesOf(contract: ContractModel, names: readonly string[]): Members {
  const fields = verdictShape(contract).fields.filter(({ name }) => names.includes(name));
  return Object.fromEntries(fields.map(({ name, type }) => [name, exampleOf(contract, type)]));
}

function exampleOf(contract: ContractModel, type: Type): unknown {
  switch (type.kind) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return type.minimum ?? type.maximum ?? 1;
    case "boolean":
      return true;
    case "constant":
      return type.value;
    case "enum":
      return type.values[0];
    case "scalars":
      return type.of[0] === undefined ? null : exampleOf(contract, type.of[0]);
    case "array":
      return [exampleOf(contract, type.items.type)];
    case "record":
      return { key: exampleOf(contract, type.values.type) };
    case "unknown":
      return { nested: [1, "two"] };
    case "shape":
      return exampleOfShape(contract, type.name);
  }
}

function exampleOfShape(contract: ContractModel, name: string): unknown {
  const shape = shapeOf(contract, name);
  if (shape.kind === "union") return exampleOfShape(contract, shape.variants[0]?.shape ?? name);
  return Object.fromEntries(shape.fields.map((field) => [field.name, exampleOf(contract, field.type)]));
}
