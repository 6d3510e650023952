import type { Piece } from "../lines.ts";
import type { ContractModel, EventType, Field, ObjectShape } from "../model.ts";
import { verdictRule, verdictShape } from "../receiver-contract.ts";
import type { VerdictRule } from "../receiver-contract.ts";
import { quote } from "../typescript-syntax.ts";
import { parameter } from "./class-body.ts";
import { shapeAttributes } from "./models-module.ts";
import { attributeName } from "./python-names.ts";
import { blockCall, classOf, docstring, method, summary } from "./python-syntax.ts";

type Answer = VerdictRule["triggers"][string];

const baseNames: Readonly<Record<Answer, string>> = {
  informational: "_Informational",
  decides: "_Deciding",
  "decides-and-overrides": "_Overriding",
};

/** What each kind of trigger may be answered with, as base classes of its events; none where nothing is answered. */
export function answerBases(contract: ContractModel): readonly Piece[] {
  if (contract.declaration.mode !== "action") return [];
  const rule = verdictRule(contract);
  const used = new Set<Answer>([...Object.values(rule.triggers), "decides"]);
  const kinds: readonly Answer[] = ["informational", "decides", "decides-and-overrides"];
  return kinds.filter((kind) => used.has(kind)).map((kind) => answerBase(contract, rule, kind));
}

/** The base class of an event. */
export function baseOf(contract: ContractModel, event: EventType): string {
  if (contract.declaration.mode !== "action") return "Event";
  return baseNames[verdictRule(contract).triggers[event.name] ?? "decides"];
}

export function unknownBase(contract: ContractModel): string {
  return contract.declaration.mode === "action" ? baseNames.decides : "Event";
}

function answerBase(contract: ContractModel, rule: VerdictRule, kind: Answer): Piece {
  const shape = verdictShape(contract);
  const overrides = kind === "decides-and-overrides" ? rule.overrides : [];
  const deny = method({
    name: "deny",
    parameters: ["code: str | None = None", "reason: str | None = None", ...parameters(shape, rule.others)],
    returns: `_models.${shape.name}`,
    body: [
      docstring(summary("Stops it; the code is for the one who is stopped, the reason for the log.")) ?? "",
      verdict(shape, rule, "denies", [...given(shape, rule.others)]),
    ],
  });
  const allow = method({
    name: "allow",
    parameters: parameters(shape, [...overrides, ...rule.others]),
    returns: `_models.${shape.name}`,
    body: [
      docstring(summary("Lets it go on.")) ?? "",
      verdict(shape, rule, "allows", given(shape, [...overrides, ...rule.others])),
    ],
  });
  const said = {
    informational: "A question whose answer changes nothing.",
    decides: "A question whose answer decides.",
    "decides-and-overrides": "A question whose answer decides, and may override what comes of it.",
  };
  return classOf(`${baseNames[kind]}(Event)`, [
    docstring(summary(said[kind])) ?? "",
    ["__slots__ = ()"],
    `ANSWER: ClassVar[str] = ${quote(kind)}`,
    allow,
    ...(kind === "informational" ? [] : [deny]),
  ]);
}

function verdict(shape: ObjectShape, rule: VerdictRule, word: "allows" | "denies", members: readonly string[]): Piece {
  const decided = [
    `${attributeOf(shape, rule.decision)}=${quote(rule[word])}`,
    ...(word === "denies"
      ? [`${attributeOf(shape, rule.code)}=code`, `${attributeOf(shape, rule.reason)}=reason`]
      : []),
  ];
  return ["return ", blockCall(`_models.${shape.name}`, [...decided, ...members])];
}

function parameters(shape: ObjectShape, wires: readonly string[]): readonly string[] {
  const names = fieldsOf(shape, wires).map((field) => attributeOf(shape, field.name));
  return shapeAttributes(shape, "_models.")
    .filter(({ name }) => names.includes(name))
    .map(parameter);
}

function given(shape: ObjectShape, wires: readonly string[]): readonly string[] {
  return fieldsOf(shape, wires).map((field) => `${attributeOf(shape, field.name)}=${attributeOf(shape, field.name)}`);
}

function fieldsOf(shape: ObjectShape, wires: readonly string[]): readonly Field[] {
  return shape.fields.filter((field) => wires.includes(field.name));
}

function attributeOf(shape: ObjectShape, wire: string): string {
  const found = shape.fields.find((field) => field.name === wire);
  if (found === undefined) throw new Error(`${shape.name} has no member "${wire}".`);
  return attributeName(found);
}
