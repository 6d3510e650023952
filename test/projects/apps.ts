import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Packed } from "./packed.ts";

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022"],
  types: ["node"],
};

/** Apps as they stand, none of which imports files that end in `.ts`. */
const apps = [
  {
    name: "NodeNext, ES modules",
    type: "module",
    options: { module: "nodenext", verbatimModuleSyntax: true, outDir: "dist" },
    all: ["typescript-5.4", "typescript-7"],
  },
  {
    name: "Node16, CommonJS",
    type: "commonjs",
    options: { module: "node16", outDir: "dist" },
    all: ["typescript-7"],
  },
  {
    name: "Bundler",
    type: "module",
    options: { module: "esnext", moduleResolution: "bundler", verbatimModuleSyntax: true, outDir: "dist" },
    all: ["typescript-7"],
  },
] as const;

const product = `import { openHookwright } from "hookwright";
import { catalog } from "../runtime/generated/catalog.js";

async function main(): Promise<void> {
  const hooks = await openHookwright({ database: "./shop.db", catalog });
  const event = await hooks.shop.emit("order.placed", {
    tenant: "shop_1",
    data: { orderId: "ord_1", total: { amount: 1999, currency: "EUR" }, note: null },
  });
  console.log("emitted", event.type);
  await hooks.close();
}
void main();
`;

/** `hookwright init` in an app: it adds what is missing, and overwrites nothing. */
export function describeApps(packed: () => Packed): void {
  describe.each(apps)("$name", ({ type, options, all }) => {
    const manifest = {
      ...{ name: "shop", private: true, type },
      scripts: { generate: "prisma generate", build: "tsc" },
      dependencies: { express: "^5.0.0" },
    };
    const tsconfig = JSON.stringify({
      compilerOptions: { ...strict, ...options, rootDir: "." },
      include: ["src", "catalog", "runtime"],
    });
    const files = { "package.json": JSON.stringify(manifest), "tsconfig.json": tsconfig, "src/index.ts": product };

    test("joins it, generates, compiles with every compiler, and emits", { timeout: 180_000 }, () => {
      const app = packed().app({ ...files, "pnpm-lock.yaml": "" });
      const textOf = (path: string) => readFileSync(join(app.folder, path), "utf8");
      const run = (...command: readonly string[]) => {
        const ran = app.run(command);
        expect(ran.status, `${command.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
        return ran.stdout;
      };
      expect(app.run(["hookwright", "init"])).toMatchObject({ status: 1, stderr: expect.stringContaining("--yes") });
      expect(textOf("package.json")).toBe(files["package.json"]);
      const shown = run("hookwright", "init", "--yes");
      expect(shown).toMatch(
        /create {2}catalog\/index\.ts\n[^]*change {2}package\.json: scripts hookwright:generate, check;/,
      );
      expect(shown).toContain("pnpm run generate");
      expect(JSON.parse(textOf("package.json"))).toMatchObject({
        ...{ name: "shop", type },
        scripts: { ...manifest.scripts, "hookwright:generate": expect.stringContaining("hookwright generate") },
        dependencies: { express: "^5.0.0", hookwright: expect.any(String) },
      });
      expect([textOf("tsconfig.json"), textOf("src/index.ts")]).toEqual([tsconfig, product]);
      expect(app.run(["hookwright", "doctor"])).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(
          /^mend {2}the generated files are fresh: \d+ are not; run "npx hookwright generate"$/m,
        ),
      });
      run("npm", "run", "hookwright:generate");
      expect(run("hookwright", "doctor")).toMatch(/^(ok {4}.+\n){6}$/);
      for (const compiler of all)
        expect(run("node", `../node_modules/${compiler}/bin/tsc`, "-p", ".", "--noEmit")).toBe("");
      run("node", "../node_modules/typescript/bin/tsc", "-p", ".");
      // Node resolves what a bundler has not bundled otherwise than the compiler did.
      if (options.module === "esnext") return;
      expect(run("node", "dist/src/index.js")).toBe("emitted order.placed\n");
    });
  });

  test("doctor names what is missing, and the way", () => {
    const app = packed().app({ "package.json": JSON.stringify({ private: true }), "tsconfig.json": "{}" });
    const { status, stdout } = app.run(["hookwright", "doctor"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^mend {2}package\.json depends on hookwright: run "npm install hookwright"$/m);
    expect(stdout).toMatch(/^mend {2}there is a catalog at catalog\/index\.ts: run "npx hookwright init"/m);
    expect(stdout).toMatch(/^mend {2}generated files import what tsconfig\.json takes \(\.js\): put "hookwright"/m);
  });

  test("writes nothing where the app has a catalog", () => {
    const app = packed().app({ "tsconfig.json": "{}", "catalog/index.ts": "mine\n" });
    expect(app.run(["hookwright", "init", "--yes"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("already has catalog/index.ts"),
    });
  });
}
