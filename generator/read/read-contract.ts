/** One contract: its declaration, its event types, and their examples. */
import type { ts } from "ts-morph";
import type { ContractModel, EventType, Example } from "../model.ts";
import { checkContract } from "./check-contract.ts";
import { checkExample } from "./check-example.ts";
import { evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";
import { isValid, memberSpans, plainValue, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import { readEvents } from "./events.ts";
import type { EventEntries, EventEntry } from "./events.ts";
import { spanOf } from "./report.ts";
import type { Reading } from "./scope.ts";
import { openShapeBook } from "./shapes.ts";
import type { ShapeBook } from "./shapes.ts";

export interface ReadContract {
  readonly declaration: EvaluatedObject | null;
  /** Null when something in it has been reported. */
  readonly model: ContractModel | null;
}

export function readContract(call: ts.CallExpression, reading: Reading, evaluation: Evaluation): ReadContract {
  const book = openShapeBook(reading.report);
  const events = readTypeArgument(call, reading, book);
  const declaration = readDeclaration(call, evaluation);
  if (declaration !== null) checkContract(declaration, reading.report);
  if (declaration === null || events === null) return { declaration, model: null };
  const source = { examples: valueAt(declaration, "examples"), book, reading };
  if (events.isComplete) reportUnknown(events, source);
  const types = events.entries.map((entry) => eventType(entry, source));
  return { declaration, model: modelOf(declaration, types, book) };
}

function readTypeArgument(call: ts.CallExpression, reading: Reading, book: ShapeBook): EventEntries | null {
  const [argument] = call.typeArguments ?? [];
  if (argument !== undefined) return readEvents(argument, reading, book);
  reading.report({ code: "HW010", at: call.expression, message: "the contract does not say which events it carries" });
  return null;
}

function readDeclaration(call: ts.CallExpression, evaluation: Evaluation): EvaluatedObject | null {
  const [argument] = call.arguments;
  if (argument === undefined) {
    evaluation.report({ code: "HW012", at: call, message: "the contract declares nothing" });
    return null;
  }
  const declaration = evaluate(argument, evaluation);
  if (declaration.kind === "object") return declaration;
  if (declaration.kind !== "invalid")
    evaluation.report({ code: "HW012", at: argument, message: "a contract is declared as an object" });
  return null;
}

interface ExampleSource {
  /** By event type and name; undefined when the contract has none. */
  readonly examples: Evaluated | undefined;
  readonly book: ShapeBook;
  readonly reading: Reading;
}

function reportUnknown({ entries }: EventEntries, { examples, reading }: ExampleSource): void {
  if (examples?.kind !== "object") return;
  const names = new Set(entries.map(({ name }) => name));
  for (const [name, { key }] of examples.entries)
    if (!names.has(name)) reading.report({ code: "HW052", at: key, message: `there is no event type ${name}` });
}

function eventType(entry: EventEntry, source: ExampleSource): EventType | null {
  const { name, doc, data, node } = entry;
  const examples = readExamples(entry, source);
  if (doc === null || data === null || examples === null) return null;
  const group = name.split(".", 1)[0] ?? name;
  return { name, group, doc, title: null, level: null, since: null, data, meta: null, examples, span: spanOf(node) };
}

function readExamples({ name, data, node }: EventEntry, source: ExampleSource): readonly Example[] | null {
  const { report } = source.reading;
  const value = source.examples?.kind === "invalid" ? source.examples : valueAt(source.examples, name);
  if (value?.kind === "invalid") return null;
  if (value === undefined || (value.kind === "object" && value.entries.size === 0)) {
    report({ code: "HW050", at: node, message: `${name} has no example` });
    return null;
  }
  if (value.kind !== "object") {
    report({ code: "HW051", at: value.node, message: `${name}.examples: expected an object of named examples` });
    return null;
  }
  const slot = { type: { kind: "shape", name: data ?? "" }, nullable: false } as const;
  return [...value.entries].map(([title, example]) => {
    const path = `${name}.examples[${JSON.stringify(title)}]`;
    if (data !== null) checkExample(example.value, slot, { report, shapes: source.book.byName, path });
    return { name: title, data: plainValue(example.value) };
  });
}

function modelOf(
  declaration: EvaluatedObject,
  types: readonly (EventType | null)[],
  book: ShapeBook,
): ContractModel | null {
  const events = types.filter((type) => type !== null);
  const entries = [...declaration.entries].filter(([key]) => key !== "examples");
  const own: EvaluatedObject = { ...declaration, entries: new Map(entries) };
  if (events.length < types.length || !isValid(own)) return null;
  // tsc checks the declaration against its type, and a catalog is checked by tsc before it is read.
  const plain = plainValue(own) as ContractModel["declaration"];
  return { declaration: plain, events, verdict: null, shapes: book.shapes(), spans: memberSpans(own) };
}
