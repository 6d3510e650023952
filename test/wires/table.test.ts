/** The table of who verified which wire: it names what is there, in the version that the tests ran. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import * as cloudEvents from "../../catalog/cloudevents-presets.ts";
import * as messages from "../../catalog/message-presets.ts";
import * as vendors from "../../catalog/vendor-presets.ts";
import { root } from "./catalog.ts";

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const rows = read("catalog/wires.md")
  .split("\n")
  .filter((line) => /^\| `\w+`/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("every preset of another wire has a row", () => {
  const named = rows.map(([, preset = ""]) => /^`(\w+)`/.exec(preset)?.[1]);
  expect(named.toSorted()).toEqual(Object.keys({ ...vendors, ...cloudEvents, ...messages }).toSorted());
});

test("each names the version that is installed", () => {
  const { packages }: { packages: Readonly<Record<string, { version?: string }>> } = JSON.parse(
    read("package-lock.json"),
  );
  const installed = rows.map(([, , , by = ""]) => {
    const [, name = "", registry] = /^`([^`]+)` \((npm|PyPI)\)/.exec(by) ?? [];
    if (registry === "npm") return packages[`node_modules/${name}`]?.version;
    return new RegExp(`'${name}==([0-9.]+)'`).exec(read(".ci/run"))?.[1];
  });
  expect(rows.map(([, , , , version]) => version)).toEqual(installed);
});
