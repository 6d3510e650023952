import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { describe, expect, test } from "vitest";
import type { Packed } from "./packed.ts";
import { resolutions, usesPackage, usesSdk } from "./resolution.ts";

/** What is published loads, compiles and is bundled in any app. */
export function describePackages(packed: () => Packed): void {
  describe.each(["hookwright", "sdk"] as const)("the package %s", (name) => {
    test("has types that are right for every way of importing it", { timeout: 120_000 }, async () => {
      const bytes = new Uint8Array(readFileSync(packed().tarballs[name]));
      const result = await checkPackage(createPackageFromTarballData(bytes));
      expect(result.types === false ? "no types" : result.problems).toEqual([]);
    });

    test("has a manifest that publint finds nothing about", async () => {
      const { buffer } = new Uint8Array(readFileSync(packed().tarballs[name]));
      const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
      expect(messages).toEqual([]);
    });
  });

  describe.each(resolutions)("$name", ({ type, options, compilers }) => {
    const compilerOptions = {
      ...options,
      ...{ target: "es2022", lib: ["es2022", "dom", "esnext.disposable"], types: ["node"], noEmit: true },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true },
    };
    test.each(compilers)("compiles with %s", { timeout: 120_000 }, (compiler) => {
      const app = packed().app({
        "package.json": JSON.stringify({ private: true, type }),
        "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }),
        "app.ts": usesPackage,
        "receiver.ts": usesSdk,
      });
      const { status, stdout } = app.run(["node", `../node_modules/${compiler}/bin/tsc`, "-p", "."]);
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    });
  });

  const loads = {
    "app.mjs": `
import { openHookwright, HookwrightError } from "hookwright";
import { openTesting } from "hookwright/testing";
import { Webhook } from "@hookwright/webhooks/stech";
console.log([openHookwright, HookwrightError, openTesting, Webhook].map((each) => typeof each).join());
`,
    "app.cjs": `
const { openHookwright, HookwrightError } = require("hookwright");
const { openTesting } = require("hookwright/testing");
const { Webhook } = require("@hookwright/webhooks/stech");
import("hookwright").then((module) => {
  console.log([openHookwright, HookwrightError, openTesting, Webhook].map((each) => typeof each).join());
  if (module.HookwrightError !== HookwrightError) throw new Error("There are two copies of the package.");
});
`,
  };

  test.each(Object.keys(loads))("%s loads it, and there is one copy", (file) => {
    const { status, stdout, stderr } = packed().app(loads).run(["node", file]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "function,function,function,function\n",
      stderr: "",
    });
  });

  describe("bundles", () => {
    const emits = {
      "package.json": JSON.stringify({ private: true, type: "module" }),
      "receiver.js": `
import { Webhook } from "@hookwright/webhooks/stech";
import { fixtures } from "@hookwright/webhooks/stech/fixtures";
console.log(typeof Webhook, Object.keys(fixtures).length > 0);
`,
      "app.js": `
import { openHookwright } from "hookwright";
const hooks = await openHookwright({ database: ":memory:", catalog: {}, keyRing: { ids: [] } });
await hooks.close();
console.log("opened and closed");
`,
      "webpack.config.js": `
export default {
  mode: "development", devtool: false, target: "node24", experiments: { outputModule: true },
  entry: { app: "./app.js", receiver: "./receiver.js" },
  output: { path: import.meta.dirname + "/webpack", filename: "[name].mjs", module: true, chunkFormat: "module" },
};
`,
      "vite.config.js": `
export default {
  logLevel: "error",
  ssr: { noExternal: true },
  build: { ssr: true, target: "node24", outDir: "vite", rollupOptions: { input: { app: "./app.js", receiver: "./receiver.js" } } },
};
`,
      "webpack.js": `
const [webpack, { default: options }] = await Promise.all([import(process.argv[2]), import("./webpack.config.js")]);
webpack.default(options, (error, stats) => {
  if (error ?? stats.hasErrors()) { console.error(error ?? stats.toString("errors-only")); process.exitCode = 1; }
});
`,
    };
    const modules = join(import.meta.dirname, "../../node_modules");
    const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    const bundlers = {
      esbuild: [
        // The one that runs no script when it is installed.
        ...["node", join(modules, "esbuild-wasm/bin/esbuild"), "app.js", "receiver.js"],
        ...["--bundle", "--platform=node", "--format=esm", "--outdir=esbuild"],
        ...["--out-extension:.js=.mjs", "--external:pg-native", `--banner:js=${banner}`, "--log-level=error"],
      ],
      vite: ["vite", "build"],
      webpack: ["node", "webpack.js", join(modules, "webpack/lib/index.js")],
    };
    test.each(Object.entries(bundlers))("of %s run", { timeout: 120_000 }, (bundler, command) => {
      const app = packed().app(emits);
      expect(app.run(command)).toMatchObject({ status: 0, stderr: "" });
      const extension = bundler === "vite" ? "js" : "mjs";
      expect(app.run(["node", `${bundler}/receiver.${extension}`])).toMatchObject({
        stdout: "function true\n",
        stderr: "",
      });
      expect(app.run(["node", `${bundler}/app.${extension}`])).toMatchObject({
        stdout: "opened and closed\n",
        stderr: "",
      });
    });
  });
}
