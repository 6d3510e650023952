#!/usr/bin/env node
/** The `hookwright` command. Each subcommand loads its own parts, so `--help` is quick. */
import { Command } from "commander";
import { errorTable, HookwrightError } from "../errors.ts";
import { parseAge, parseStep } from "./prune-options.ts";

const program = new Command("hookwright")
  .description("Webhooks from a catalog of TypeScript types.")
  .showHelpAfterError("(hookwright --help shows what there is)");

program
  .command("generate")
  .description("Bring the generated files up to date with the catalog.")
  .option("--check", "change nothing; fail with a unified diff when a file is stale")
  .option("--only <targets>", "comma-separated targets, such as typebox,openapi")
  .option("--root <folder>", "the project's root", ".")
  .option("--index <file>", "the catalog's index, relative to the root", "catalog/index.ts")
  .option("--json", "print one JSON object in place of text")
  .addHelpText(
    "after",
    examples("hookwright generate", "hookwright generate --check", "hookwright generate --only typescript"),
  )
  .action(async (options) => {
    const { runGenerate } = await import("./generate.ts");
    process.exitCode = await runGenerate(options);
  });

program
  .command("serve")
  .description("Run the HTTP API and the delivery engine; configured by HOOKWRIGHT_… variables (see the README).")
  .addHelpText(
    "after",
    examples("hookwright serve", "HOOKWRIGHT_PORT=9000 HOOKWRIGHT_MODE=production hookwright serve"),
  )
  .action(async () => {
    const { runServe } = await import("./serve.ts");
    await runServe(process.env);
  });

program
  .command("prune")
  .description("Drop old events and their attempts, but for those that are still needed (see the README).")
  .requiredOption("--older-than <age>", "drop what happened longer ago, such as 30d, 12h or 90m", parseAge)
  .option("--dry-run", "change nothing; say what would be dropped")
  .option("--step <events>", "the most events one transaction looks at", parseStep, 1000)
  .option("--json", "print one JSON object in place of text")
  .addHelpText(
    "after",
    examples("hookwright prune --older-than 30d --dry-run", "hookwright prune --older-than 30d --json"),
  )
  .action(async (options) => {
    const { runPrune } = await import("./prune.ts");
    process.exitCode = await runPrune(options, process.env);
  });

function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ ${command}`).join("\n")}`;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}

/** What a person needs to go on; the stack is for whoever asks for it. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"] !== undefined) return error.stack ?? error.message;
  const remedy = error instanceof HookwrightError ? `\n${errorTable[error.code].remedy}` : "";
  return `error: ${error.message}${remedy}`;
}
