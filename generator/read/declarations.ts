import { posix } from "node:path";
import { ts } from "ts-morph";
import { importedPath } from "./sources.ts";
import type { Sources } from "./sources.ts";

export type TypeDeclaration =
  ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.EnumDeclaration | ts.ClassDeclaration;

interface Declared {
  readonly types: TypeDeclaration;
  readonly values: ts.VariableDeclaration;
}

export type Found<Declaration> =
  /** At least one; an interface can be declared in several parts. */
  | { readonly kind: "declared"; readonly first: Declaration; readonly all: readonly Declaration[] }
  /** A word of the vocabulary, known by its name. */
  | { readonly kind: "word"; readonly name: string }
  | { readonly kind: "unknown" }
  /** Its file cannot be read, which has been reported. */
  | { readonly kind: "broken" };

export interface Declarations {
  /** What a name that is written in `file` stands for, there or where it is imported from. */
  readonly type: (name: string, file: ts.SourceFile) => Found<TypeDeclaration>;
  readonly value: (name: string, file: ts.SourceFile) => Found<ts.VariableDeclaration>;
}

/** `isWord` says which names a file called vocabulary.ts gives a meaning of their own. */
export function openDeclarations(sources: Sources, isWord: (name: string) => boolean): Declarations {
  const tables = new Map<ts.SourceFile, Table>();
  const tableOf = (file: ts.SourceFile) => {
    const table = tables.get(file) ?? readTable(file);
    tables.set(file, table);
    return table;
  };
  return {
    type: (name, file) => find({ space: "types", sources, tableOf, isWord, seen: new Set() }, name, file),
    value: (name, file) =>
      find({ space: "values", sources, tableOf, isWord: () => false, seen: new Set() }, name, file),
  };
}

interface Search<Space extends keyof Declared> {
  readonly space: Space;
  readonly sources: Sources;
  readonly tableOf: (file: ts.SourceFile) => Table;
  readonly isWord: (name: string) => boolean;
  /** Files and names on the way, so that imports in a circle end. */
  readonly seen: Set<string>;
}

function find<Space extends keyof Declared>(
  search: Search<Space>,
  name: string,
  file: ts.SourceFile,
): Found<Declared[Space]> {
  const key = `${file.fileName}\n${name}`;
  if (search.seen.has(key)) return { kind: "unknown" };
  search.seen.add(key);
  if (isWordOf(search, name, file.fileName)) return { kind: "word", name };
  const table = search.tableOf(file);
  const all = table.declared[search.space].get(name);
  const first = all?.[0];
  if (all !== undefined && first !== undefined) return { kind: "declared", first, all };
  const imported = table.imports.get(name);
  if (imported !== undefined) return follow(search, imported);
  const found = table.wholes.map((from) => follow(search, { name, from }));
  const known = found.find(({ kind }) => kind === "declared" || kind === "word");
  return known ?? found.find(({ kind }) => kind === "broken") ?? { kind: "unknown" };
}

function follow<Space extends keyof Declared>(
  search: Search<Space>,
  { name, from }: ImportedName,
): Found<Declared[Space]> {
  if (from.path === null) return { kind: "unknown" };
  if (isWordOf(search, name, from.path)) return { kind: "word", name };
  const target = search.sources.open(from.path, from.node);
  return target === null ? { kind: "broken" } : find(search, name, target);
}

/** The vocabulary itself is not opened for its words: they have a meaning that their aliases do not say. */
function isWordOf(search: Search<keyof Declared>, name: string, path: string): boolean {
  return posix.basename(path) === "vocabulary.ts" && search.isWord(name);
}

interface ImportedName {
  /** As the other file exports it. */
  readonly name: string;
  readonly from: Origin;
}

interface Origin {
  readonly node: ts.Expression;
  /** From the root; null when it is none of our files. */
  readonly path: string | null;
}

function originOf(node: ts.Expression): Origin {
  const path = ts.isStringLiteral(node) ? importedPath(node.getSourceFile().fileName, node.text) : null;
  return { node, path };
}

/** What a file declares and imports, by name. */
interface Table {
  readonly declared: { readonly [Space in keyof Declared]: Map<string, Declared[Space][]> };
  readonly imports: Map<string, ImportedName>;
  /** The files of which it exports everything, `export * from`. */
  readonly wholes: Origin[];
}

function readTable(file: ts.SourceFile): Table {
  const table: Table = { declared: { types: new Map(), values: new Map() }, imports: new Map(), wholes: [] };
  for (const statement of file.statements) readStatement(statement, table);
  return table;
}

function readStatement(statement: ts.Statement, { declared, imports, wholes }: Table): void {
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations)
      if (ts.isIdentifier(declaration.name)) add(declared.values, declaration.name.text, declaration);
  } else if (isTypeDeclaration(statement)) {
    if (statement.name !== undefined) add(declared.types, statement.name.text, statement);
  } else if (ts.isImportDeclaration(statement)) {
    const names = statement.importClause?.namedBindings;
    if (names !== undefined && ts.isNamedImports(names)) addImports(names, statement.moduleSpecifier, imports);
  } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
    const names = statement.exportClause;
    if (names === undefined) wholes.push(originOf(statement.moduleSpecifier));
    else if (ts.isNamedExports(names)) addImports(names, statement.moduleSpecifier, imports);
  }
}

function addImports(
  names: ts.NamedImports | ts.NamedExports,
  node: ts.Expression,
  imports: Map<string, ImportedName>,
): void {
  const from = originOf(node);
  for (const { name, propertyName } of names.elements)
    imports.set(name.text, { name: (propertyName ?? name).text, from });
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function isTypeDeclaration(node: ts.Node): node is TypeDeclaration {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isClassDeclaration(node)
  );
}
