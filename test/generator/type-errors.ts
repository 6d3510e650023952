import ts from "typescript";

/** Checks files as if they stood in the project, with its own settings. */
export function typeErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const root = process.cwd();
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const given = (name: string) => files.get(name.startsWith(root) ? name.slice(root.length + 1) : name);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => given(name) ?? readFile(name);
  host.fileExists = (name) => given(name) !== undefined || fileExists(name);
  host.directoryExists = () => true;
  host.getSourceFile = (name, target, ...rest) => {
    const text = given(name);
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram(
    [...files.keys()].map((path) => `${root}/${path}`),
    options,
    host,
  );
  const sources = [...files.keys()].map((path) => program.getSourceFile(`${root}/${path}`));
  const found = sources.flatMap((source) => [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]);
  return found.map(
    ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}
