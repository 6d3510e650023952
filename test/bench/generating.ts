import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, printTable } from "./setup.ts";

const root = join(import.meta.dirname, "../..");
const command = join(root, "runtime/cli/hookwright.ts");
const rounds = 3;
const synthetic = { contracts: 10, types: 100, fields: 8 };

/** How long the generator takes as a process, what others take for the same schemas, and what its output costs to use. */
export async function benchGenerating(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-bench-"));
  try {
    benchOurs(folder);
    await benchWatch(join(folder, "own"));
    benchOthers(folder);
    benchConsumers(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function benchOurs(folder: string): void {
  const copy = join(folder, "own");
  cpSync(join(root, "catalog"), join(copy, "catalog"), { recursive: true });
  const many = join(folder, "many");
  writeManyTypes(many);
  const timed = (at: string) => seconds(process.execPath, [command, "generate", "--root", at]);
  const rows = [
    ["our catalog, all targets, nothing there yet", timed(copy)],
    ["our catalog, nothing to change", middle(() => timed(copy))],
    [`${synthetic.contracts * synthetic.types} types, all targets, nothing there yet`, timed(many)],
    [`${synthetic.contracts * synthetic.types} types, nothing to change`, middle(() => timed(many))],
  ] as const;
  printTable(
    "hookwright generate, as a process",
    ["", "seconds"],
    rows.map(([name, took]) => [name, took.toFixed(2)]),
  );
}

/** From the end of an edit to the line that says that its files are written; all targets. */
async function benchWatch(at: string): Promise<void> {
  const watching = spawn(process.execPath, [command, "generate", "--watch", "--root", at]);
  const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
  const printed = async (pattern: RegExp) => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) if (pattern.test(next.value)) return;
    throw new Error(`hookwright generate --watch ended before it printed ${pattern}.`);
  };
  await printed(/^Watching/);
  const timed = async (file: string, round: number) => {
    const text = readFileSync(join(at, file), "utf8");
    const startedAt = performance.now();
    writeFileSync(join(at, file), text.replace("/** ", `/** (${round}) `));
    await printed(/ changed, in /);
    return performance.now() - startedAt;
  };
  const rows: string[][] = [];
  for (const [name, file] of editedFiles) {
    const took: number[] = [];
    for (let round = 0; round < 9; round += 1) took.push(await timed(file, round));
    rows.push([name, median(took).toFixed(0), Math.max(...took).toFixed(0)]);
  }
  watching.kill("SIGINT");
  await once(watching, "exit");
  printTable("hookwright generate --watch, all targets, after an edit", ["", "median ms", "most ms"], rows);
}

const editedFiles = [
  ["a comment in a contract of 15 types", "catalog/stech/deployment.ts"],
  ["a comment in a contract of 62 types", "catalog/authn/user.ts"],
  ["a comment in a contract of 178 types", "catalog/auth0/login.ts"],
] as const;

/** A catalog of as many types as few have. */
function writeManyTypes(at: string): void {
  for (const file of ["contract.ts", "presets.ts", "vocabulary.ts"]) {
    cpSync(join(root, "catalog", file), join(at, "catalog", file), { recursive: true });
  }
  const names = Array.from({ length: synthetic.contracts }, (_, index) => `shop${index}`);
  for (const name of names) {
    mkdirSync(join(at, "catalog", name));
    writeFileSync(join(at, "catalog", name, "contract.ts"), contractText(name));
  }
  const imports = names.map((name) => `import { ${name} } from "./${name}/contract.ts";`);
  const index = `${imports.join("\n")}\n\nexport const catalog = [${names.join(", ")}] as const;\n`;
  writeFileSync(join(at, "catalog/index.ts"), index);
}

function contractText(name: string): string {
  const types = Array.from({ length: synthetic.types }, (_, index) => `order${index % 20}.changed${index}`);
  const fields = Array.from({ length: synthetic.fields }, (_, index) => `field${index}`);
  const members = types.map(
    (type, at) =>
      `  /** Number ${at} happened. */\n  "${type}": {\n${fields.map((field) => `    ${field}${at}: string | null;\n`).join("")}  };`,
  );
  const examples = types.map(
    (type, at) => `    "${type}": { one: { ${fields.map((field) => `${field}${at}: "a"`).join(", ")} } },`,
  );
  return `import { contract } from "../contract.ts";
import { standardWebhooks } from "../presets.ts";

export interface Events {
${members.join("\n")}
}

export const ${name} = contract<Events>({
  ...standardWebhooks,
  id: "${name}",
  title: "${name}",
  doc: "Many types.",
  tenant: { noun: "shop", example: "shop_1" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "dla_" },
  },
  userAgent: "Shop/1",
  examples: {
${examples.join("\n")}
  },
});
`;
}

/** quicktype and Modelina, installed for this, on the JSON Schemas of our events. */
function benchOthers(folder: string): void {
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "package.json"), "{}");
  execFileSync("npm", ["install", "--silent", "--no-audit", "quicktype", "@asyncapi/modelina"], { cwd: tools });
  writeFileSync(join(tools, "modelina.mjs"), modelinaScript);
  const schemas = schemaFiles();
  const quicktype = join(tools, "node_modules/.bin/quicktype");
  const rows = (["typescript", "python", "go"] as const).map((language) => {
    const only = ["generate", "--only", language, "--root", join(folder, "own")];
    const ours = middle(() => seconds(process.execPath, [command, ...only]));
    const output = join(tools, `out.${language}`);
    const flags = ["--src-lang", "schema", "--lang", language, "-o", output];
    const theirs = middle(() => seconds(quicktype, [...flags, ...schemas]));
    const modelina = middle(() => seconds(process.execPath, ["modelina.mjs", language, ...schemas], tools));
    const figures = [ours, theirs, modelina].map((took) => took.toFixed(2));
    return [language, ...figures, (theirs / ours).toFixed(1), (modelina / ours).toFixed(1)];
  });
  const heads = ["", "hookwright s", "quicktype s", "Modelina s", "quicktype ratio", "Modelina ratio"];
  printTable(
    `${schemas.length} event types to one language, as a process (ours reads TypeScript, theirs JSON)`,
    heads,
    rows,
  );
}

const modelinaScript = `import { readFileSync } from "node:fs";
import { GoGenerator, PythonGenerator, TypeScriptGenerator } from "@asyncapi/modelina";
const generators = { go: GoGenerator, python: PythonGenerator, typescript: TypeScriptGenerator };
const [language, ...files] = process.argv.slice(2);
const generator = new generators[language]();
for (const file of files) {
  // It knows the dialects up to draft 7.
  const schema = { ...JSON.parse(readFileSync(file, "utf8")), $schema: "http://json-schema.org/draft-07/schema#" };
  await generator.generate(schema);
}
`;

function schemaFiles(): readonly string[] {
  const folder = join(root, "runtime/generated/schemas");
  const contracts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return contracts.flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)));
}

/** What a receiver pays. */
function benchConsumers(folder: string): void {
  const python = ["-c", "from hookwright_webhooks.authn import Webhook"];
  const pythonPath = { PYTHONPATH: join(root, "sdks/python/src") };
  const nothing = middle(() => seconds("python3", ["-c", "pass"]));
  const cache = { GOCACHE: join(folder, "go-cache"), GOFLAGS: "-mod=mod" };
  const go = (...targets: readonly string[]) => seconds("go", ["build", ...targets], join(root, "sdks/go"), cache);
  const standard = "{{if .Standard}}{{.ImportPath}}{{end}}";
  const imported = execFileSync("go", ["list", "-deps", "-f", standard, "./contracts/authn"], {
    cwd: join(root, "sdks/go"),
  });
  go(
    ...imported
      .toString()
      .split("\n")
      .filter((name) => name !== "" && name !== "unsafe"),
  );
  const tsc = join(root, "node_modules/.bin/tsc");
  const rows = [
    ["tsc of the whole TypeScript SDK", middle(() => seconds(tsc, ["-p", join(root, "sdks/typescript"), "--noEmit"]))],
    ["Python: import of a contract of 62 types", middle(() => seconds("python3", python, root, pythonPath)) - nothing],
    ["go build of a contract of 62 types, without the standard library", go("./contracts/authn")],
  ] as const;
  printTable(
    "What the SDKs cost",
    ["", "seconds"],
    rows.map(([name, took]) => [name, took.toFixed(3)]),
  );
}

function middle(measure: () => number): number {
  return median(Array.from({ length: rounds }, measure));
}

/** Throws with what was printed when the process fails. */
function seconds(program: string, args: readonly string[], cwd = root, env: NodeJS.ProcessEnv = {}): number {
  const startedAt = performance.now();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 6).join(" ")}: ${error?.message ?? stderr}`);
  return (performance.now() - startedAt) / 1000;
}
