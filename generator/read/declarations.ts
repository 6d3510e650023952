import { posix } from "node:path";
import { ts } from "ts-morph";
import type { Sources } from "./sources.ts";

export type TypeDeclaration =
  ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.EnumDeclaration | ts.ClassDeclaration;

/** A constant, or what a file exports by default. */
export type ValueDeclaration = ts.VariableDeclaration | ts.ExportAssignment;

interface Declared {
  readonly types: TypeDeclaration;
  readonly values: ValueDeclaration;
}

/** Gives the expression of a value; undefined where it is only declared. */
export function initializerOf(declaration: ValueDeclaration): ts.Expression | undefined {
  return ts.isExportAssignment(declaration) ? declaration.expression : declaration.initializer;
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
  readonly value: (name: string, file: ts.SourceFile) => Found<ValueDeclaration>;
  /** Resolves a member of a name space, `import * as space from …`. */
  readonly typeIn: (space: string, name: string, file: ts.SourceFile) => Found<TypeDeclaration>;
}

/** `isWord` says which names a file called vocabulary.ts gives a meaning of their own. */
export function openDeclarations(sources: Sources, isWord: (name: string) => boolean): Declarations {
  const tables = new Map<ts.SourceFile, Table>();
  const tableOf = (file: ts.SourceFile) => {
    const table = tables.get(file) ?? readTable(file);
    tables.set(file, table);
    return table;
  };
  const ofTypes = () => ({ space: "types", sources, tableOf, isWord, seen: new Set<string>() }) as const;
  return {
    type: (name, file) => find(ofTypes(), name, file),
    value: (name, file) =>
      find({ space: "values", sources, tableOf, isWord: () => false, seen: new Set() }, name, file),
    typeIn: (space, name, file) => {
      const from = tableOf(file).spaces.get(space);
      return from === undefined ? { kind: "unknown" } : follow(ofTypes(), { name, from });
    },
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
  const path = ts.isStringLiteral(from) ? search.sources.resolve(from.getSourceFile().fileName, from.text) : null;
  if (path === null) return { kind: "unknown" };
  if (isWordOf(search, name, path)) return { kind: "word", name };
  const target = search.sources.open(path, from);
  if (target === null) return { kind: "broken" };
  const own = search.tableOf(target).exports.get(name);
  return find(search, own ?? name, target);
}

/** The vocabulary itself is not opened for its words: they have a meaning that their aliases do not say. */
function isWordOf(search: Search<keyof Declared>, name: string, path: string): boolean {
  return posix.basename(path) === "vocabulary.ts" && search.isWord(name);
}

interface ImportedName {
  /** As the other file exports it. */
  readonly name: string;
  /** Names the other file. */
  readonly from: ts.Expression;
}

/** Declarations, imports and exports of a file, by name. */
interface Table {
  readonly declared: { readonly [Space in keyof Declared]: Map<string, Declared[Space][]> };
  readonly imports: Map<string, ImportedName>;
  /** Own names by those under which they are exported, where the two differ; `default` among them. */
  readonly exports: Map<string, string>;
  /** `import * as space from …`, by the name of the space. */
  readonly spaces: Map<string, ts.Expression>;
  /** The files of which it exports everything, `export * from`. */
  readonly wholes: ts.Expression[];
}

/** No declaration can have this name. */
const byDefault = "default";

function readTable(file: ts.SourceFile): Table {
  const table: Table = {
    declared: { types: new Map(), values: new Map() },
    imports: new Map(),
    exports: new Map(),
    spaces: new Map(),
    wholes: [],
  };
  for (const statement of file.statements) readStatement(statement, table);
  return table;
}

function readStatement(statement: ts.Statement, table: Table): void {
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations)
      if (ts.isIdentifier(declaration.name)) add(table.declared.values, declaration.name.text, declaration);
  } else if (isTypeDeclaration(statement)) readType(statement, table);
  else if (ts.isImportDeclaration(statement)) readImport(statement, table);
  else if (ts.isExportAssignment(statement)) readDefault(statement, table);
  else if (ts.isExportDeclaration(statement)) readExport(statement, table);
}

function readType(declaration: TypeDeclaration, { declared, exports }: Table): void {
  const isDefault = declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
  if (declaration.name !== undefined) add(declared.types, declaration.name.text, declaration);
  if (isDefault && declaration.name !== undefined) exports.set(byDefault, declaration.name.text);
}

function readImport({ importClause, moduleSpecifier }: ts.ImportDeclaration, { imports, spaces }: Table): void {
  const { name, namedBindings } = importClause ?? {};
  if (name !== undefined) imports.set(name.text, { name: byDefault, from: moduleSpecifier });
  if (namedBindings === undefined) return;
  if (ts.isNamedImports(namedBindings)) addImports(namedBindings, moduleSpecifier, imports);
  else spaces.set(namedBindings.name.text, moduleSpecifier);
}

/** `export default order;` and `export default { … };` */
function readDefault(statement: ts.ExportAssignment, { declared, exports }: Table): void {
  if (ts.isIdentifier(statement.expression)) exports.set(byDefault, statement.expression.text);
  else add(declared.values, byDefault, statement);
}

function readExport(
  { exportClause, moduleSpecifier }: ts.ExportDeclaration,
  { imports, exports, wholes }: Table,
): void {
  if (moduleSpecifier === undefined) {
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return;
    for (const { name, propertyName } of exportClause.elements)
      if (propertyName !== undefined) exports.set(name.text, propertyName.text);
  } else if (exportClause === undefined) wholes.push(moduleSpecifier);
  else if (ts.isNamedExports(exportClause)) addImports(exportClause, moduleSpecifier, imports);
}

function addImports(
  names: ts.NamedImports | ts.NamedExports,
  from: ts.Expression,
  imports: Map<string, ImportedName>,
): void {
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
