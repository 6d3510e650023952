/** The event types of a contract: an interface, the families it extends, and what each event carries. */
import { ts } from "ts-morph";
import type { Doc } from "../model.ts";
import { pascalCase } from "../names.ts";
import type { TypeDeclaration } from "./declarations.ts";
import { bind } from "./declared-types.ts";
import { docOf } from "./docs.ts";
import { readEventTags } from "./event-tags.ts";
import type { EventTags } from "./event-tags.ts";
import { readNaming } from "./naming-tags.ts";
import { fieldName } from "./object-types.ts";
import { placeOf } from "./report.ts";
import { outerScope, wrongArguments } from "./scope.ts";
import type { Reading, Scope } from "./scope.ts";
import type { ShapeBook } from "./shapes.ts";
import { literalTexts } from "./term.ts";
import { withoutNull } from "./unions.ts";

/** An event type before its examples. What is null in it has been reported. */
export interface EventEntry {
  readonly name: string;
  /** From `@named`. */
  readonly named?: string;
  readonly doc: Doc | null;
  readonly tags: EventTags;
  /** The name of the shape of its data. */
  readonly data: string | null;
  /** That of what it says beside its data. Undefined when it says nothing beside it. */
  readonly meta: string | null | undefined;
  readonly node: ts.Node;
}

export interface EventEntries {
  readonly entries: readonly EventEntry[];
  /** False when a family could not be read, so that nothing follows from what is missing. */
  readonly isComplete: boolean;
}

export function readEvents(typeArgument: ts.TypeNode, reading: Reading, book: ShapeBook): EventEntries {
  const search: Search = { reading, members: [], visited: new Set(), isComplete: true };
  collect(typeArgument, search, outerScope(reading, "the event types"));
  const first = new Map<string, ts.Node>();
  const entries: EventEntry[] = [];
  for (const member of search.members) {
    const entry = readEvent(member, reading, book);
    if (entry === null) {
      search.isComplete = false;
      continue;
    }
    const other = first.get(entry.name);
    if (other === undefined) entries.push(entry);
    else reportTwice(reading, other, entry);
    first.set(entry.name, other ?? entry.node);
  }
  return { entries, isComplete: search.isComplete };
}

function reportTwice({ report }: Reading, other: ts.Node, { name, node }: EventEntry): void {
  const message = `${name} is declared at ${placeOf(other)} and again at ${placeOf(node)}`;
  report({ code: "HW040", at: node, message });
}

interface Search {
  readonly reading: Reading;
  readonly members: Member[];
  /** A family that two others extend is read once. */
  readonly visited: Set<TypeDeclaration>;
  isComplete: boolean;
}

/** A member of a family, and what the type parameters of the family stand for. */
interface Member extends Pick<Scope, "bindings"> {
  readonly element: ts.TypeElement;
}

/** Families in the order of their declaration, bases first. */
function collect(node: ts.TypeNode, search: Search, scope: Scope): void {
  if (ts.isParenthesizedTypeNode(node)) collect(node.type, search, scope);
  else if (ts.isIntersectionTypeNode(node)) for (const part of node.types) collect(part, search, scope);
  else if (ts.isTypeLiteralNode(node)) addMembers(node.members, search, scope);
  else if (ts.isTypeReferenceNode(node)) collectName(node, node.typeName, search, scope);
  else if (ts.isExpressionWithTypeArguments(node)) collectName(node, node.expression, search, scope);
  else refuseFamily(node, search);
}

function collectName(node: ts.NodeWithTypeArguments, name: ts.Node, search: Search, scope: Scope): void {
  const found = ts.isIdentifier(name) ? search.reading.declarations.type(name.text, node.getSourceFile()) : null;
  if (found?.kind === "broken") {
    search.isComplete = false;
  } else if (found?.kind === "declared") {
    for (const declaration of found.all) collectDeclaration(declaration, node, search, scope);
  } else if (!ts.isIdentifier(name) || !collectSelected(node, name.text, search, scope)) {
    refuseFamily(node, search);
  }
}

/** `Pick` and `Omit` of a family. False for anything else. */
function collectSelected(node: ts.NodeWithTypeArguments, name: string, search: Search, scope: Scope): boolean {
  const [family, keys, ...others] = node.typeArguments ?? [];
  const isSelection = (name === "Pick" || name === "Omit") && others.length === 0;
  if (!isSelection || family === undefined || keys === undefined) return false;
  const names = literalTexts(search.reading.termOf(keys, scope));
  if (names === null) return false;
  const inner: Search = { ...search, members: [], visited: new Set() };
  collect(family, inner, scope);
  const nameOf = ({ element }: Member) => (element.name === undefined ? null : fieldName(element.name));
  search.members.push(...inner.members.filter((member) => names.includes(nameOf(member) ?? "") === (name === "Pick")));
  search.isComplete &&= inner.isComplete;
  return true;
}

function collectDeclaration(
  declaration: TypeDeclaration,
  use: ts.NodeWithTypeArguments,
  search: Search,
  scope: Scope,
): void {
  if (search.visited.has(declaration)) return;
  search.visited.add(declaration);
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isTypeAliasDeclaration(declaration))
    return refuseFamily(use, search);
  const application = { name: declaration.name.text, args: use.typeArguments ?? [], node: use };
  const bindings = bind(declaration, application, scope);
  if (bindings === null) {
    search.isComplete = false;
    return;
  }
  const inner = { ...scope, bindings };
  if (ts.isTypeAliasDeclaration(declaration)) return collect(declaration.type, search, inner);
  for (const clause of declaration.heritageClauses ?? []) for (const base of clause.types) collect(base, search, inner);
  addMembers(declaration.members, search, inner);
}

function addMembers(elements: Iterable<ts.TypeElement>, search: Search, { bindings }: Scope): void {
  for (const element of elements) search.members.push({ element, bindings });
}

function refuseFamily(node: ts.TypeNode, search: Search): void {
  search.isComplete = false;
  const message = `${node.getText().slice(0, 80)} is not an interface of event types`;
  search.reading.report({ code: "HW011", at: node, message });
}

const eventName = /^[a-z][a-zA-Z0-9_]*([./][a-z][a-zA-Z0-9_]*)*$/;

function readEvent({ element: member, bindings }: Member, reading: Reading, book: ShapeBook): EventEntry | null {
  const name = member.name === undefined ? null : fieldName(member.name);
  if (!ts.isPropertySignature(member) || name === null || member.type === undefined || member.questionToken) {
    const message = `${name ?? member.getText().slice(0, 40)} is not an event type`;
    reading.report({ code: "HW044", at: member.name ?? member, message });
    return null;
  }
  const { name: node, type } = member;
  if (!eventName.test(name)) reading.report({ code: "HW041", at: node, message: `${name} is malformed` });
  const doc = docOf(member);
  const isSilent = doc === null || doc.summary === "";
  if (isSilent) reading.report({ code: "HW042", at: node, message: `${name} has no documentation` });
  const tags = readEventTags(member, { name, node }, reading.report);
  const { own } = readNaming(member, { path: name, node, term: null }, reading.report);
  const named = own === null ? {} : { named: own };
  return {
    name,
    node,
    ...named,
    tags,
    doc: isSilent ? null : doc,
    ...readPayload({ name, type, bindings }, reading, book),
  };
}

interface TypedEvent extends Pick<Scope, "bindings"> {
  readonly name: string;
  readonly type: ts.TypeNode;
}

/** The names of the shapes of data and meta. `WithMeta` is known here alone: it is no type of a value. */
function readPayload(event: TypedEvent, reading: Reading, book: ShapeBook): Pick<EventEntry, "data" | "meta"> {
  const { name, type } = event;
  const word = withMeta(type, reading);
  const payload = (part: ts.TypeNode, of: "data" | "meta") => readShape({ ...event, type: part, of }, reading, book);
  if (word === null) return { data: payload(type, "data"), meta: undefined };
  const [data, meta, ...others] = word.typeArguments ?? [];
  if (data !== undefined && meta !== undefined && others.length === 0)
    return { data: payload(data, "data"), meta: payload(meta, "meta") };
  const application = { name: "WithMeta", args: word.typeArguments ?? [], node: word };
  wrongArguments(application, outerScope(reading, `${name}.data`), { expected: "WithMeta<Data, Meta>" });
  return { data: null, meta: null };
}

function withMeta(type: ts.TypeNode, reading: Reading): ts.TypeReferenceNode | null {
  if (ts.isParenthesizedTypeNode(type)) return withMeta(type.type, reading);
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return null;
  const found = reading.declarations.type(type.typeName.text, type.getSourceFile());
  return found.kind === "word" && found.name === "WithMeta" ? type : null;
}

/** The name of the shape of a part of the event. */
function readShape(
  { name, type, bindings, of }: TypedEvent & { readonly of: "data" | "meta" },
  reading: Reading,
  book: ShapeBook,
): string | null {
  const path = `${name}.${of}`;
  const term = reading.termOf(type, { ...outerScope(reading, path), bindings });
  const { term: inner, nullable } = withoutNull(term);
  const slot = book.slotOf(term, { name: `${pascalCase(name)}${pascalCase(of)}`, path }, type);
  if (inner?.kind === "invalid" || (slot === null && !nullable)) return null;
  if (slot?.type.kind === "shape" && !nullable) return slot.type.name;
  reading.report({ code: "HW043", at: type, message: `${path}: it is not an object` });
  return null;
}
