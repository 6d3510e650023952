import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorStatuses } from "../src/core/errors.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const fixturesModule = `import type { EventMap } from "./shop.ts";
export const fixtures = { "order.refunded": { id: "1", type: "order.refunded", shopId: null, data: { method: "card", last4: "4242" } } } satisfies Partial<EventMap>;
`;

const plainConsumer = `import { Webhook, WebhookError } from "@hookwright/webhooks/shop";
import { WebhookError as RootError } from "@hookwright/webhooks";
import { fixtures } from "@hookwright/webhooks/shop/fixtures";
const webhook = new Webhook("whsec_test");
const body = JSON.stringify(fixtures["order.refunded"]);
const event = await webhook.verify(body, await webhook.sign(body));
const refused = await webhook.verify(body, {}).catch((error) => error);
const handle = webhook.handler({}, { fallback: () => {} });
const request = new Request("https://receiver.example", { method: "POST", body, headers: await webhook.sign(body) });
const { status } = await handle(request);
const { web } = await import("@hookwright/webhooks/web");
const { lambda } = await import("@hookwright/webhooks/lambda");
const viaWeb = await web(handle)(new Request("https://receiver.example"));
const viaLambda = await lambda(handle)({ body, headers: await webhook.sign(body) });
const isError = refused instanceof WebhookError && WebhookError === RootError;
const adapted = [viaWeb.status, viaLambda.statusCode];
console.log(JSON.stringify({ event, code: refused.code, isError, status, adapted }));
`;

const typedConsumer = `import { Webhook, type OrderPaid } from "@hookwright/webhooks/shop";
import { fixtures } from "@hookwright/webhooks/shop/fixtures";
import { lambda, type LambdaResult } from "@hookwright/webhooks/lambda";
const answer = lambda(new Webhook("whsec_test").handler({}, { fallback: () => undefined }));
export const handler: (event: { body: string }) => Promise<LambdaResult> = answer;
const event = new Webhook("whsec_test").parse(JSON.stringify(fixtures["order.refunded"]));
if (event.type === "order.paid") { const paid: OrderPaid = event; void paid; }
else if (event.type === "$unknown") { const name: string = event.rawType; void name; }
// @ts-expect-error There is no such event.
else if (event.type === "order.payed") void event;
`;

type Conditions = Readonly<Record<"import" | "require", Readonly<Record<"types" | "default", string>>>>;

function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}

describe("the sources", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );

  test.each(sources)("%s imports nothing but its own", (path) => {
    const text = readFileSync(join(root, "src", path), "utf8");
    const imported = [...text.matchAll(/^(?:import|export|\}).*?(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/gm)].map(
      (match) => match[1],
    );
    expect(imported.filter((name) => name?.startsWith(".") !== true)).toEqual([]);
  });

  test("there are sources, and the package depends on nothing", () => {
    expect(sources.length).toBeGreaterThan(5);
    for (const key of ["dependencies", "peerDependencies", "optionalDependencies"]) {
      expect(manifest).not.toHaveProperty(key);
    }
  });
});

describe("the documents", () => {
  test("the README's table of errors is the table in the code, in the same order", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `([a-z_]+)` +\| (\d{3}) +\|/gm)].map((row) => [row[1], Number(row[2])]);
    expect(rows).toEqual(Object.entries(errorStatuses));
  });

  test("the licence is the project's", () => {
    expect(readFileSync(join(root, "LICENSE"), "utf8")).toBe(readFileSync(join(root, "../../LICENSE"), "utf8"));
  });
});

describe("the built package", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-sdk-"));
  const built = join(folder, "build");
  const installed = join(folder, "node_modules/@hookwright/webhooks");

  beforeAll(() => {
    mkdirSync(join(built, "src/contracts"), { recursive: true });
    for (const path of [
      "package.json",
      "tsconfig.json",
      "tsconfig.cjs.json",
      "src",
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
    ]) {
      cpSync(join(root, path), join(built, path), { recursive: true });
    }
    const shop = readFileSync(join(root, "test/shop.ts"), "utf8").replaceAll("../src/core/", "../core/");
    writeFileSync(join(built, "src/contracts/shop.ts"), shop);
    writeFileSync(join(built, "src/contracts/shop.fixtures.ts"), fixturesModule);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "consumer.mjs"), plainConsumer);
    writeFileSync(join(folder, "consumer.ts"), typedConsumer);
    // Compiled without the types of Node, so `Buffer` or `process` in the sources would end here.
    // The compiler takes what is inside node_modules for ES modules, whatever it is asked to write.
    node(compiler, "-p", built);
    node(compiler, "-p", join(built, "tsconfig.cjs.json"));
    writeFileSync(join(built, "dist/cjs/package.json"), JSON.stringify({ type: "commonjs" }));
    // A published package has no sources beside its declarations.
    rmSync(join(built, "src"), { recursive: true });
    cpSync(built, installed, { recursive: true });
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("runs in plain JavaScript through its exports", () => {
    expect(JSON.parse(node(join(folder, "consumer.mjs")))).toEqual({
      event: { id: "1", type: "order.refunded", shopId: null, data: { method: "card", last4: "4242" } },
      code: "missing_header",
      isError: true,
      status: 200,
      adapted: [405, 200],
    });
  });

  test("what would be published is the build and its documents", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: installed,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    const [{ files }] = JSON.parse(stdout);
    const paths: readonly string[] = files.map(({ path }: { path: string }) => path);
    const documents = ["CHANGELOG.md", "LICENSE", "README.md", "dist/cjs/package.json", "package.json"];
    expect(
      paths.filter((path) => !/^dist\/(cjs\/)?(adapters|contracts|core)\/[\w.-]+\.(js|d\.ts)$/.test(path)).toSorted(),
    ).toEqual(documents);
    const targets = Object.values<Conditions | string>(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target).flatMap((each) => Object.values(each)),
    );
    const named = targets.filter((target) => !target.includes("*")).map((target) => target.replace("./", ""));
    expect(named.filter((target) => !paths.includes(target))).toEqual([]);
  });

  test("each export is there for import and for require, and names its types first", () => {
    for (const target of Object.values<Conditions | string>(manifest.exports)) {
      if (typeof target === "string") continue;
      expect(Object.keys(target)).toEqual(["import", "require"]);
      for (const each of Object.values(target)) expect(Object.keys(each)).toEqual(["types", "default"]);
    }
  });

  test("runs where it is required", () => {
    const program = `const { Webhook } = require("@hookwright/webhooks/shop"); console.log(typeof Webhook);`;
    writeFileSync(join(folder, "consumer.cjs"), program);
    expect(node(join(folder, "consumer.cjs"))).toBe("function\n");
  });

  test.each([
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("its declarations compile with module %s and resolution %s", { timeout: 120_000 }, (module, resolution) => {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [] },
      ...{ module, moduleResolution: resolution },
    };
    const project = join(folder, `tsconfig.${resolution}.json`);
    writeFileSync(project, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    expect(node(compiler, "-p", project)).toBe("");
  });
});
