/** The type checker, for types that the syntax alone does not say. It is made when the first of them is met. */
import { getLibFiles } from "@ts-morph/common";
import { posix } from "node:path";
import { ts } from "ts-morph";
import type { ReadText } from "./catalog-files.ts";
import type { ParsedFiles } from "./sources.ts";

export interface Compiler {
  readonly checker: () => ts.TypeChecker;
  /** Whether a file belongs to the catalog, and not to a package that it uses. */
  readonly isOfCatalog: (file: ts.SourceFile) => boolean;
}

export interface CompilerInput {
  readonly root: string;
  readonly index: string;
  readonly readText: ReadText;
  /** The checker works on the files that the reader parsed, so that both speak of the same nodes. */
  readonly parsed: ParsedFiles;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  lib: ["lib.esnext.d.ts"],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

const libFolder = "/node_modules/typescript/lib";

/** Programs by the files they were made of, so that `generate --watch` checks again only what an edit changed. */
const programs = new WeakMap<ParsedFiles, ts.Program>();

/** The language's own files, parsed once in a process. */
const libFiles = new Map<string, ts.SourceFile | undefined>();

export function openCompiler(input: CompilerInput): Compiler {
  let checker: ts.TypeChecker | null = null;
  return {
    checker: () => {
      checker ??= programOf(input).getTypeChecker();
      return checker;
    },
    isOfCatalog: (file) => [...input.parsed.values()].includes(file),
  };
}

function programOf({ root, index, readText, parsed }: CompilerInput): ts.Program {
  const all = { ...options, ...configuredPaths(root, readText) };
  const known = programs.get(parsed);
  const program = ts.createProgram([posix.join(root, index)], all, hostOf({ root, readText, parsed }), known);
  // A program gives each file the name by which it was asked for; the reader knows it by its path from the root.
  for (const [path, file] of parsed) file.fileName = path;
  programs.set(parsed, program);
  return program;
}

function configuredPaths(root: string, readText: ReadText): ts.CompilerOptions {
  try {
    const { config } = ts.parseConfigFileTextToJson("tsconfig.json", readText("tsconfig.json"));
    const { paths, baseUrl } = config?.compilerOptions ?? {};
    if (paths === undefined) return {};
    return { paths, pathsBasePath: posix.join(root, baseUrl ?? "."), ...(baseUrl === undefined ? {} : { baseUrl }) };
  } catch {
    return {};
  }
}

function hostOf({ root, readText, parsed }: Omit<CompilerInput, "index">): ts.CompilerHost {
  const ownPath = (name: string) => (name.startsWith(`${root}/`) ? name.slice(root.length + 1) : null);
  const ownText = (name: string) => {
    const path = ownPath(name);
    if (path === null || path.startsWith("node_modules/")) return null;
    try {
      return readText(path);
    } catch {
      return null;
    }
  };
  const readFile = (name: string) => ownText(name) ?? ts.sys.readFile(name);
  return {
    ...ts.createCompilerHost(options),
    getCurrentDirectory: () => root,
    getDefaultLibLocation: () => libFolder,
    getDefaultLibFileName: (given) => `${libFolder}/${ts.getDefaultLibFileName(given)}`,
    readFile,
    // Files that exist in a version control alone have no folders here.
    directoryExists: () => true,
    fileExists: (name) => ownText(name) !== null || libText(name) !== undefined || ts.sys.fileExists(name),
    getSourceFile: (name, languageVersion) => {
      if (name.startsWith(`${libFolder}/`)) return libFile(name);
      const text = readFile(name);
      const known = parsed.get(ownPath(name) ?? "");
      if (text === undefined || known?.text === text) return known;
      return ts.createSourceFile(name, text, languageVersion, true);
    },
  };
}

function libFile(name: string): ts.SourceFile | undefined {
  if (!libFiles.has(name)) {
    const text = libText(name);
    const file = text === undefined ? undefined : ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, false);
    libFiles.set(name, file);
  }
  return libFiles.get(name);
}

function libText(name: string): string | undefined {
  if (!name.startsWith(`${libFolder}/`)) return undefined;
  return getLibFiles().find(({ fileName }) => fileName === posix.basename(name))?.text;
}
