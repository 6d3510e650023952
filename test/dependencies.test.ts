import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly dev?: boolean }>>;
}

const { packages }: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

test("no package runs a script of its own when it is installed, but the one that brings Node", () => {
  const names = Object.keys(packages).filter((name) => packages[name]?.hasInstallScript === true);
  expect(names).toEqual(["node_modules/node"]);
});

test("no package reports to its makers", () => {
  expect(Object.keys(packages).filter((name) => name.includes("@scarf/"))).toEqual([]);
});

test("users install no compiler, test runner or Node", () => {
  const dev = ["node", "typescript", "vitest"].map((name) => packages[`node_modules/${name}`]?.dev);
  expect(dev).toEqual([true, true, true]);
});
