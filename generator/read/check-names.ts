/** Names in a declaration that stand for something in its types: event types, and members of the verdict. */
import type { Shape } from "../model.ts";
import { reportOf } from "./check-contract.ts";
import { itemsOf, textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import type { EventEntries } from "./events.ts";
import type { Report } from "./report.ts";

/** What was read of a contract's types. */
export interface ReadTypes {
  readonly events: EventEntries;
  /** The name of the verdict's shape. */
  readonly verdict: string | null;
  readonly shapes: ReadonlyMap<string, Shape>;
}

export function checkNames(declaration: EvaluatedObject, types: ReadTypes, outer: Report): void {
  const report = reportOf(declaration, outer);
  if (types.events.isComplete) checkEventTypes(declaration, types.events, report);
  checkVerdict(valueAt(declaration, "verdict"), types, report);
}

function checkEventTypes(declaration: EvaluatedObject, { entries }: EventEntries, report: Report): void {
  const names = new Set(entries.map(({ name }) => name));
  const triggers = valueAt(declaration, "triggers");
  if (triggers?.kind === "object") {
    for (const [name, { key }] of triggers.entries)
      if (!names.has(name)) report({ code: "HW067", at: key, message: `there is no event type ${name} to ask at` });
    const missing = [...names].filter((name) => !triggers.entries.has(name));
    if (missing.length > 0)
      report({ code: "HW067", at: triggers.node, message: `no trigger says how ${missing.join(", ")} is answered` });
  }
  for (const item of itemsOf(valueAt(declaration, "filter", "exceptByDefault"))) {
    const name = textAt(item);
    if (name === undefined || names.has(name)) continue;
    report({ code: "HW067", at: item.node, message: `there is no event type ${name} to leave out` });
  }
}

const namedMembers = ["decision", "code", "reason"];

function checkVerdict(rule: Evaluated | undefined, { verdict, shapes }: ReadTypes, report: Report): void {
  const shape = verdict === null ? undefined : shapes.get(verdict);
  if (rule?.kind !== "object" || shape?.kind !== "object") return;
  const members = new Set(shape.fields.map(({ name }) => name));
  const check = (name: string | undefined, at: Evaluated["node"]) => {
    if (name === undefined || members.has(name)) return;
    report({ code: "HW068", at, message: `${shape.name} has no member ${name}` });
  };
  for (const value of namedMembers.flatMap((key) => valueAt(rule, key) ?? [])) check(textAt(value), value.node);
  const overrides = valueAt(rule, "overrides");
  if (overrides?.kind !== "object") return;
  for (const [name, { key }] of overrides.entries) check(name, key);
}
