/** The catalog, from its TypeScript to the model. */
import { isDeepStrictEqual } from "node:util";
import { ts } from "ts-morph";
import { sortDiagnostics } from "../diagnostics.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { componentsOf } from "../component-names.ts";
import type { CatalogModel, ContractModel } from "../model.ts";
import { readCatalogFile } from "./catalog-files.ts";
import type { ReadText } from "./catalog-files.ts";
import { checkCompanions } from "./check-companions.ts";
import { checkIds, reportOf } from "./check-contract.ts";
import { checkForm } from "./declaration-form.ts";
import { valueAt } from "./evaluated.ts";
import { openCompiler } from "./compiler.ts";
import { initializerOf, openDeclarations } from "./declarations.ts";
import type { Evaluation } from "./evaluate.ts";
import { readContract } from "./read-contract.ts";
import type { ReadContract } from "./read-contract.ts";
import { openReport, placeOf, startOf } from "./report.ts";
import type { Report } from "./report.ts";
import type { Reading } from "./scope.ts";
import { openSources } from "./sources.ts";
import type { ParsedFiles } from "./sources.ts";
import { termOf } from "./types.ts";
import { isVocabularyWord } from "./vocabulary.ts";

export interface CatalogReading {
  /** Null when a diagnostic is an error. */
  readonly model: CatalogModel | null;
  /** All of them, by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the catalog whose index stands at `index`, relative to the absolute path `root` with forward slashes, and the
 * files that it imports. Nothing is executed and no type is checked; whatever is wrong becomes a diagnostic.
 */
export function readCatalog({
  root,
  ...input
}: Omit<CatalogText, "readText"> & { readonly root: string }): CatalogReading {
  return readCatalogText({ ...input, root, readText: (path) => readCatalogFile(root, path) });
}

export interface CatalogText {
  /** Throws for a file that is not there. */
  readonly readText: ReadText;
  readonly index: string;
  /** Where packages that it imports are found. Left out: in the working directory. */
  readonly root?: string;
  /** What earlier readings parsed; left out, everything is parsed. */
  readonly parsed?: ParsedFiles;
}

/** The same, from texts by their paths. */
export function readCatalogText(input: CatalogText): CatalogReading {
  const { report, diagnostics } = openReport();
  const contracts = attempt(report, startOf(input.index), () => readContracts(input, report)) ?? [];
  const models = contracts.map(({ model }) => model).filter((model) => model !== null);
  const hasError = () => diagnostics().some(({ severity }) => severity === "error");
  // Missing parts are told only where nothing else is wrong, which they would hide.
  if (!hasError())
    for (const { declaration } of contracts)
      if (declaration !== null) checkForm(declaration, reportOf(declaration, report));
  if (!hasError()) checkTogether(contracts, report);
  const found = sortDiagnostics(diagnostics());
  const isBroken = hasError() || models.length < contracts.length;
  return { model: isBroken ? null : { contracts: models.map(withShared) }, diagnostics: found };
}

/** The components of all contracts stand in one document. */
function checkTogether(contracts: readonly ReadContract[], report: Report): void {
  const owners = new Map<string, string>();
  for (const { declaration, model } of contracts) {
    if (declaration === null || model === null) continue;
    const { id } = model.declaration;
    const both = componentsOf(model).find((name) => owners.has(name));
    const message = `${id}: ${owners.get(both ?? "")} has a component ${both} as well`;
    const at = valueAt(declaration, "id")?.node ?? declaration.node;
    if (both !== undefined) report({ code: "HW018", at, message });
    for (const name of componentsOf(model)) owners.set(name, id);
  }
}

/** What two contracts are of alike is written once: their event types stand in the same places of the same files. */
function withShared(contract: ContractModel, index: number, all: readonly ContractModel[]): ContractModel {
  const typesOf = ({ events, shapes }: ContractModel) => [events.map(({ examples: _, ...event }) => event), shapes];
  const same = all.slice(0, index).find((other) => isDeepStrictEqual(typesOf(other), typesOf(contract)));
  return same === undefined || contract.events.length === 0
    ? contract
    : { ...contract, sameTypesAs: same.declaration.id };
}

function readContracts(input: CatalogText, report: Report): ReadContract[] {
  const { readText, parsed = new Map(), root = process.cwd() } = input;
  const sources = openSources(readText, report, parsed);
  const declarations = openDeclarations(sources, isVocabularyWord);
  const index = sources.open(input.index, null);
  if (index === null) return [];
  const compiler = openCompiler({ root, index: input.index, readText, parsed });
  const reading: Reading = { report, declarations, compiler, termOf, terms: new Map(), computed: new Map() };
  const evaluation: Evaluation = { report, declarations, constants: new Map(), depth: 0 };
  const calls = contractCalls(index, reading);
  const contracts = calls.map((call) => attempt(report, call, () => readContract(call, reading, evaluation)));
  const read = contracts.filter((contract) => contract !== null);
  checkIds(
    read.flatMap(({ declaration }) => declaration ?? []),
    report,
  );
  checkCompanions(read, report);
  return read;
}

/** No catalog may end the process: what nobody thought of, a stack that is too small among it, is a diagnostic too. */
function attempt<Value>(report: Report, at: Parameters<Report>[0]["at"], read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    report({ code: "HW005", at, message: `reading failed: ${error instanceof Error ? error.message : String(error)}` });
    return null;
  }
}

function contractCalls(index: ts.SourceFile, reading: Reading): readonly ts.CallExpression[] {
  const { declarations, report } = reading;
  const found = declarations.value("catalog", index);
  if (found.kind === "broken") return [];
  const list = found.kind === "declared" ? withoutAssertions(initializerOf(found.first)) : undefined;
  if (list === undefined || !ts.isArrayLiteralExpression(list)) {
    const at = found.kind === "declared" ? found.first : startOf(index.fileName);
    report({ code: "HW003", at, message: "the index has no array called catalog" });
    return [];
  }
  return list.elements.flatMap((element) => contractCall(element, reading) ?? []);
}

function contractCall(element: ts.Expression, { declarations, report }: Reading): ts.CallExpression | null {
  const found = ts.isIdentifier(element) ? declarations.value(element.text, element.getSourceFile()) : null;
  if (found?.kind === "broken") return null;
  const call = found?.kind === "declared" ? withoutAssertions(initializerOf(found.first)) : undefined;
  if (call !== undefined && ts.isCallExpression(call) && call.expression.getText() === "contract") return call;
  const there = found?.kind === "declared" ? `, see ${placeOf(found.first)}` : "";
  report({ code: "HW004", at: element, message: `${element.getText().slice(0, 80)} is not a contract${there}` });
  return null;
}

function withoutAssertions(node: ts.Expression | undefined): ts.Expression | undefined {
  if (node === undefined) return undefined;
  const isWrapped = ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
  return isWrapped ? withoutAssertions(node.expression) : node;
}
