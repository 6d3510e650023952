#!/usr/bin/env node
"use strict";
// The command's first file. On a Node that cannot run the rest it says so in a sentence, so it is written for any Node.

const { existsSync } = require("fs");
const { join } = require("path");
const { pathToFileURL } = require("url");
const { engines } = require("../../package.json");

/** `>=22.19` in package.json: the one place that says which versions there are to be. */
const needed = engines.node.replace(/[^\d.]/g, "");
const found = process.versions.node;

function isOlder(version, than) {
  const numbers = version.split(".").map(Number);
  const wanted = than.split(".").map(Number);
  const at = wanted.findIndex((number, index) => number !== (numbers[index] || 0));
  return at !== -1 && (numbers[at] || 0) < wanted[at];
}

if (isOlder(found, needed)) {
  console.error(
    `error: hookwright needs Node ${needed} or later, and this is Node ${found} (${process.execPath}): install a newer ` +
      `one from https://nodejs.org, or run "npm install --save-dev node@24" here, and then this again through npx or an npm script.`,
  );
  process.exitCode = 1;
} else {
  // In the package there is JavaScript; in the repository Node runs the sources.
  const source = join(__dirname, "hookwright.ts");
  const main = existsSync(source) ? source : join(__dirname, "../../dist/runtime/cli/hookwright.js");
  import(pathToFileURL(main).href).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
