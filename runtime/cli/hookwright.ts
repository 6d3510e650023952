#!/usr/bin/env node
/** The `hookwright` command. Each subcommand loads its own parts, so `--help` is quick. */
import { Command } from "commander";
import { enableCompileCache } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { addCatalogCommands } from "./catalog-commands.ts";
import { examples } from "./examples.ts";
import { describeFailure, reportLostOutput } from "./failure.ts";
import { addLocalCommands } from "./local-commands.ts";
import { packageVersion } from "../version.ts";
import { parseAge, parseStep } from "./prune-options.ts";

// What a subcommand loads is compiled once and kept in the system's folder for temporary files: half of a short run.
enableCompileCache();
reportLostOutput();

const program = new Command("hookwright")
  .description("Webhooks from a catalog of TypeScript types.")
  .version(packageVersion())
  .enablePositionalOptions()
  .showHelpAfterError("(hookwright --help shows what there is)")
  .addHelpText(
    "after",
    examples("hookwright generate --watch", "hookwright check --against origin/main", "hookwright serve"),
  );

addCatalogCommands(program);
addLocalCommands(program);

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
  .command("run")
  .description("Run a program of this project, such as app.ts, once it is certain that this Node can.")
  .argument("<file>", "the program")
  .argument("[arguments...]", "what it is given")
  .passThroughOptions()
  .addHelpText("after", examples("hookwright run app.ts"))
  .action(async (file: string, rest: readonly string[]) => {
    const path = resolve(file);
    process.argv = [process.execPath, path, ...rest];
    await import(pathToFileURL(path).href);
  });

program
  .command("migrate")
  .description("Bring the database's tables up to date; afterwards the server's role needs no CREATE (see the README).")
  .option("--dry-run", "change nothing; print the SQL")
  .option("--status", "change nothing; say what was run, with exit status 1 when something is to be run")
  .option("--json", "print one JSON object in place of text")
  .addHelpText("after", examples("hookwright migrate --dry-run", "hookwright migrate"))
  .action(async (options) => {
    const { runMigrate } = await import("./migrate.ts");
    process.exitCode = await runMigrate(options, process.env);
  });

program
  .command("prune")
  .description("Drop old events and their attempts, but for those that are still needed (see the README).")
  .requiredOption("--older-than <age>", "drop what happened longer ago, such as 30d, 12h or 90m", parseAge)
  .option("--payloads-older-than <age>", "of events that stay, the payloads of what happened longer ago", parseAge)
  .option("--dry-run", "change nothing; say what would be dropped")
  .option("--step <events>", "the most events one transaction looks at", parseStep, 1000)
  .option("--json", "print one JSON object in place of text")
  .addHelpText(
    "after",
    examples(
      "hookwright prune --older-than 30d --dry-run",
      "hookwright prune --older-than 90d --payloads-older-than 30d",
      "hookwright prune --older-than 30d --json",
    ),
  )
  .action(async (options) => {
    const { runPrune } = await import("./prune.ts");
    process.exitCode = await runPrune(options, process.env);
  });

const keys = program.command("keys").description("The keys that seal secrets at rest (HOOKWRIGHT_SECRET_KEYS).");

keys
  .command("status")
  .description("Say which key seals how many secrets, and how many of the live processes know it.")
  .option("--json", "print one JSON object in place of text")
  .addHelpText("after", examples("hookwright keys status"))
  .action(async (options) => {
    const { runKeysStatus } = await import("./keys.ts");
    process.exitCode = await runKeysStatus(options, process.env);
  });

keys
  .command("rotate")
  .description("Seal every secret with the first key of the ring, while everything runs; run again, it goes on.")
  .option("--dry-run", "change nothing; say how many would be sealed anew")
  .option("--force", "rotate also while a live process does not know the first key, and so cannot open what it sealed")
  .option("--json", "print one JSON object in place of text")
  .addHelpText("after", examples("hookwright keys rotate --dry-run", "hookwright keys rotate --json"))
  .action(async (options) => {
    const { runKeysRotate } = await import("./keys.ts");
    process.exitCode = await runKeysRotate(options, process.env);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
