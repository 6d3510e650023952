import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { trackedFiles } from "../source-files.ts";
import { runIn, testWith } from "./programs.ts";

const folder = "sdks/python";

describe("the Python SDK", () => {
  testWith("python3", "passes its own suite, the vectors of every contract included", () => {
    expect(runIn(folder, ["python3", "-W", "error", "-m", "unittest", "discover", "-t", ".", "-s", "tests"])).toBe("");
  });

  testWith("ruff", "is formatted, the generated part as it was emitted", () => {
    runIn(folder, ["ruff", "format", "--check", "--no-cache", "."]);
  });

  testWith("ruff", "has nothing that the linter objects to", () => {
    runIn(folder, ["ruff", "check", "--no-cache", "."]);
  });

  testWith("mypy", "has no type errors under strict rules", () => {
    runIn(folder, ["mypy", "--cache-dir", "/dev/null"]);
  });

  test("imports nothing but Python's own library, and frameworks only inside of functions", () => {
    const sources = trackedFiles().filter((path) => path.startsWith(`${folder}/src/`) && path.endsWith(".py"));
    expect(sources.length).toBeGreaterThan(20);
    const imports = sources.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/^(?:from|import) ([\w.]+)/gm)].map(([, name = ""]) => name),
    );
    const foreign = imports.filter((name) => !name.startsWith(".") && !name.startsWith("hookwright_webhooks"));
    expect([...new Set(foreign)].sort()).toEqual([
      "__future__",
      "base64",
      "collections",
      "collections.abc",
      "hashlib",
      "hmac",
      "importlib",
      "json",
      "math",
      "os",
      "re",
      "sys",
      "threading",
      "time",
      "typing",
    ]);
  });
});
