/** One contract: its declaration, its event types, and their examples. */
import type { ts } from "ts-morph";
import type { ContractModel, EventType, Example, Shape, Slot } from "../model.ts";
import { hasControl, withoutExamples } from "./literals.ts";
import { checkContract } from "./check-contract.ts";
import { checkExample } from "./check-example.ts";
import { checkNames } from "./check-names.ts";
import { checkPayloads } from "./check-payloads.ts";
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
import { readVerdict } from "./verdict.ts";

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
  const verdict = declaration === null ? null : readVerdict(call, declaration, { reading, book });
  if (declaration === null || events === null) return { declaration, model: null };
  checkNames(declaration, { events, verdict, shapes: book.byName }, reading.report);
  checkPayloads(declaration, { entries: events.entries, shapes: book.byName }, reading.report);
  const source = { examples: valueAt(declaration, "examples"), book, reading };
  if (events.isComplete) reportUnknown(events, source);
  const types = events.entries.map((entry) => eventType(entry, source));
  return { declaration, model: modelOf(declaration, types, { verdict, book }) };
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
  const { name, named, doc, tags, data, meta, node } = entry;
  const examples = readExamples(entry, source);
  if (doc === null || data === null || meta === null || examples === null) return null;
  const group = name.split(".", 1)[0] ?? name;
  const said = named === undefined ? { name } : { name, named };
  return { ...said, group, doc, ...tags, data, meta: meta ?? null, examples, span: spanOf(node) };
}

function readExamples(entry: EventEntry, source: ExampleSource): readonly Example[] | null {
  const { name, node } = entry;
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
  return [...value.entries].map(([title, example]) => {
    if (hasControl(title))
      report({ code: "HW047", at: example.key, message: "the name of an example has a control character" });
    const path = `${name}.examples[${JSON.stringify(title)}]`;
    const slot = exampleSlot(entry, source.book.byName);
    if (slot !== null) checkExample(example.value, slot.slot, { report, shapes: slot.shapes, path });
    return { name: title, ...exampleOf(entry, example.value) };
  });
}

/** Where the example of an event type stands in the model: as its data, or as `{ data, meta }`. */
function exampleSlot(
  { data, meta, node }: EventEntry,
  shapes: ReadonlyMap<string, Shape>,
): { readonly slot: Slot; readonly shapes: ReadonlyMap<string, Shape> } | null {
  if (data === null || meta === null) return null;
  if (meta === undefined) return { slot: shapeSlot(data), shapes };
  const rest = { optional: false, doc: null, span: spanOf(node) };
  const fields = [
    { name: "data", ...shapeSlot(data), ...rest },
    { name: "meta", ...shapeSlot(meta), ...rest },
  ];
  // No shape of a contract can have the name of a word of the vocabulary.
  const both: Shape = { kind: "object", name: "WithMeta", doc: null, fields };
  return { slot: shapeSlot(both.name), shapes: new Map([...shapes, [both.name, both]]) };
}

function shapeSlot(name: string): Slot {
  return { type: { kind: "shape", name }, nullable: false };
}

function exampleOf({ meta }: EventEntry, value: Evaluated): Omit<Example, "name"> {
  if (meta === undefined) return { data: plainValue(value) };
  const part = (key: string) => valueAt(value, key) ?? value;
  return { data: plainValue(part("data")), meta: plainValue(part("meta")) };
}

function modelOf(
  declaration: EvaluatedObject,
  types: readonly (EventType | null)[],
  { verdict, book }: { readonly verdict: string | null; readonly book: ShapeBook },
): ContractModel | null {
  const events = types.filter((type) => type !== null);
  const own = withoutExamples(declaration);
  if (events.length < types.length || !isValid(own)) return null;
  // tsc checks the declaration against its type, and a catalog is checked by tsc before it is read.
  const plain = plainValue(own) as ContractModel["declaration"];
  return { declaration: plain, events, verdict, shapes: book.shapes(), spans: memberSpans(own) };
}
