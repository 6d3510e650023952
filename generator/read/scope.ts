import type { ts } from "ts-morph";
import type { DiagnosticCode } from "../diagnostics.ts";
import type { Compiler } from "./compiler.ts";
import type { Declarations, TypeDeclaration } from "./declarations.ts";
import type { Report } from "./report.ts";
import { invalid } from "./term.ts";
import type { Term } from "./term.ts";

/** What one reading of a catalog knows. */
export interface Reading {
  readonly report: Report;
  readonly declarations: Declarations;
  readonly compiler: Compiler;
  /** Reads a type. It stands here because the parts of a type are read by files that it reads them with. */
  readonly termOf: (node: ts.TypeNode, scope: Scope) => Term;
  /** Declared types that have been read. */
  readonly terms: Map<TypeDeclaration, Term>;
  /** Whether only the compiler can work out a node, by the nodes that were looked at. */
  readonly computed: Map<ts.Node, boolean>;
}

/** Where a type stands. */
export interface Scope {
  readonly reading: Reading;
  /** For messages, `deployment.created.data.avatar`. */
  readonly path: string;
  /** What the type parameters of the declaration around it stand for. */
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly depth: number;
  /** Declared types that it stands in; to meet one again is recursion. */
  readonly active: ReadonlySet<TypeDeclaration>;
  /** Which fields of the object type are of interest; the others are not read. Null: all. */
  readonly select: Select | null;
}

export type Select = (field: string) => boolean;

/** Reads what a type parameter stands for, each time it is used: what is left out of it is not judged. */
export type Binding = (select: Select | null) => Term;

/** A named type with its arguments, `Range<0, 1>`. */
export interface Application {
  readonly name: string;
  readonly args: readonly ts.TypeNode[];
  readonly node: ts.Node;
}

/** Deeper than any payload should be, and far from where the stack ends. */
export const nestingMax = 100;

export function outerScope(reading: Reading, path: string): Scope {
  return { reading, path, bindings: new Map(), depth: 0, active: new Set(), select: null };
}

export function fieldScope(scope: Scope, name: string): Scope {
  return { ...scope, path: `${scope.path}.${name}`, select: null };
}

/** For a type inside of another one, all of which is read. */
export function innerScope(scope: Scope): Scope {
  return scope.select === null ? scope : { ...scope, select: null };
}

interface Refusal {
  readonly code: DiagnosticCode;
  readonly at: ts.Node;
  readonly says: string;
  readonly remedy?: string;
}

export function refuse(scope: Scope, { says, ...finding }: Refusal): Term {
  scope.reading.report({ ...finding, message: `${scope.path}: ${says}` });
  return invalid;
}

export function wrongArguments(type: Application, scope: Scope, { expected }: { readonly expected: string }): Term {
  const says = `${type.name} has the wrong type arguments`;
  return refuse(scope, { code: "HW031", at: type.node, says, remedy: `write ${expected}` });
}
