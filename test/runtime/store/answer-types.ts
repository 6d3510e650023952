import { join } from "node:path";
import ts from "typescript";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";

/*
 * Checks what a store answers against the types that the seam declares. TypeScript believes what a query claims, and no
 * driver keeps to it: one of PostgreSQL gives 64-bit integers as text.
 */

/** Where an answer is not of its declared type, and how. Empty: it is. */
type Check = (value: unknown, path: string) => readonly string[];

const declared = join(import.meta.dirname, "../../../runtime/store/open-store.ts");

/** The store whose methods throw when an answer is not of the declared type. */
export function withCheckedAnswers(store: OpenedStore): OpenedStore {
  const { checker, type } = (known ??= readSeam());
  return checkedMembers(store, { checker, type, path: "store" }) as OpenedStore;
}

interface Seam {
  readonly checker: ts.TypeChecker;
  readonly type: ts.Type;
}

let known: Seam | null = null;

function readSeam(): Seam {
  const options = { strict: true, exactOptionalPropertyTypes: true, allowImportingTsExtensions: true, noEmit: true };
  const modules = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const target = { target: ts.ScriptTarget.ESNext, types: ["node"], skipLibCheck: true };
  const program = ts.createProgram([declared], { ...options, ...modules, ...target });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(declared);
  const found = file?.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === "OpenedStore");
  if (found === undefined || !ts.isTypeAliasDeclaration(found))
    throw new Error(`${declared}: OpenedStore is not there.`);
  return { checker, type: checker.getTypeFromTypeNode(found.type) };
}

function checkedMembers(of: object, { checker, type, path }: Seam & { readonly path: string }): object {
  const entries = Object.entries(of).map(([name, member]: [string, unknown]) => {
    const property = type.getProperty(name);
    const at = `${path}.${name}`;
    // The database is Kysely's, and the signals are functions that are called back.
    if (property === undefined || name === "database" || name === "signals" || member === null) return [name, member];
    const own = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (typeof member === "function") return [name, checkedMethod(member, { checker, type: own, path: at })];
    return [name, typeof member === "object" ? checkedMembers(member, { checker, type: own, path: at }) : member];
  });
  return Object.fromEntries(entries);
}

function checkedMethod(method: Function, { checker, type, path }: Seam & { readonly path: string }) {
  const [signature] = type.getCallSignatures();
  const answer = signature === undefined ? null : checker.getAwaitedType(signature.getReturnType());
  const check = answer === null || answer === undefined ? () => [] : checkOf(checker, answer);
  return async (...parameters: unknown[]) => {
    const value: unknown = await method(...parameters);
    const problems = check(value, path);
    if (problems.length > 0) throw new Error(`not of the declared type: ${problems.slice(0, 5).join("; ")}`);
    return value;
  };
}

const checks = new Map<ts.Type, Check>();

function checkOf(checker: ts.TypeChecker, type: ts.Type): Check {
  const existing = checks.get(type);
  if (existing !== undefined) return existing;
  // Types refer to themselves: the check is looked up when a value comes.
  checks.set(type, (value, path) => made(value, path));
  const made = makeCheck(checker, type);
  checks.set(type, made);
  return made;
}

function makeCheck(checker: ts.TypeChecker, type: ts.Type): Check {
  const expected = checker.typeToString(type);
  const fits = (test: (value: unknown) => boolean): Check => {
    return (value, path) =>
      test(value) ? [] : [`${path}: expected ${expected}, got ${typeof value} ${String(value)}`];
  };
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return () => [];
  if (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) return fits((value) => value === undefined);
  if (type.flags & ts.TypeFlags.Null) return fits((value) => value === null);
  if (type.isStringLiteral() || type.isNumberLiteral()) return fits((value) => value === type.value);
  if (type.flags & ts.TypeFlags.BooleanLiteral) return fits((value) => String(value) === expected);
  if (type.flags & ts.TypeFlags.String) return fits((value) => typeof value === "string");
  if (type.flags & ts.TypeFlags.Number) return fits((value) => Number.isFinite(value));
  if (type.isUnion()) return unionCheck(checker, type);
  return objectCheck(checker, type);
}

function unionCheck(checker: ts.TypeChecker, type: ts.UnionType): Check {
  const variants = type.types.map((variant) => checkOf(checker, variant));
  return (value, path) => {
    const all = variants.map((check) => check(value, path));
    // Of the problems, those of the variant that is nearest.
    return all.reduce((least, each) => (each.length < least.length || isDeeper(each, least) ? each : least));
  };
}

const isDeeper = ([one = ""]: readonly string[], [other = ""]: readonly string[]) =>
  other !== "" && one.indexOf(": ") > other.indexOf(": ");

function objectCheck(checker: ts.TypeChecker, type: ts.Type): Check {
  const name = type.getSymbol()?.name;
  const wrong = (value: unknown, path: string) => [
    `${path}: expected ${checker.typeToString(type)}, got ${String(value)}`,
  ];
  if (name === "Uint8Array") return (value, path) => (value instanceof Uint8Array ? [] : wrong(value, path));
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type as ts.TypeReference).map((item) => checkOf(checker, item));
    const [item = () => []] = items;
    return (value, path) =>
      Array.isArray(value) ? value.flatMap((each, index) => item(each, `${path}[${index}]`)) : wrong(value, path);
  }
  if (name === "Map" || name === "ReadonlyMap")
    return (value, path) => (value instanceof Map ? [] : wrong(value, path));
  if (name === "Set" || name === "ReadonlySet")
    return (value, path) => (value instanceof Set ? [] : wrong(value, path));
  if (type.getCallSignatures().length > 0)
    return (value, path) => (typeof value === "function" ? [] : wrong(value, path));
  const properties = checker.getPropertiesOfType(type).map((property) => ({
    name: property.name,
    isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
    check: checkOf(checker, checker.getTypeOfSymbol(property)),
  }));
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(value, path);
    return properties.flatMap(({ name: key, isOptional, check }) => {
      const inner: unknown = Reflect.get(value, key);
      return isOptional && inner === undefined ? [] : check(inner, `${path}.${key}`);
    });
  };
}
