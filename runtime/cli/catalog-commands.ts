import { Option, type Command } from "commander";
import { examples } from "./examples.ts";
import { templateNames } from "./templates.ts";
import { describeFailure } from "./failure.ts";

/** Adds the commands of whoever writes a catalog. */
export function addCatalogCommands(program: Command): void {
  addGenerate(program);
  addCheck(program);
  addDiff(program);
  addBaseline(program);
  addExplain(program);
  addInspect(program);
  addInit(program);
  addDoctor(program);
}

function onCatalog(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--root <folder>", "the project's root", ".")
    .option("--index <file>", "the catalog's index, relative to the root", "catalog/index.ts");
}

const against = [
  "--against <ref or file>",
  "a git ref, or a baseline file; catalog/baseline.json, unless given",
] as const;

function addGenerate(program: Command): void {
  onCatalog(program, "generate", "Bring the generated files up to date with the catalog.")
    .addOption(
      new Option("--check", "change nothing; fail with a unified diff when a file is stale").conflicts("watch"),
    )
    .option("--watch", "stay, and do it again after each edit of the catalog")
    .option("--only <targets>", "comma-separated targets, such as typebox,openapi")
    .option("--json", "print one JSON object in place of text")
    .addHelpText(
      "after",
      examples(
        "hookwright generate",
        "hookwright generate --check",
        "hookwright generate --watch",
        "hookwright generate --only typescript",
      ),
    )
    .action(async (options) => {
      const { runGenerate } = await import("./generate.ts");
      process.exitCode = await runGenerate(options);
    });
}

function addCheck(program: Command): void {
  onCatalog(program, "check", "Compare the catalog with an earlier one; fail when a change breaks receivers.")
    .option(...against)
    .addOption(
      new Option("--format <format>", "how to print findings")
        .choices(["text", "json", "github", "markdown"])
        .default("text"),
    )
    .addOption(
      new Option("--threshold <severity>", "the least severe finding that fails")
        .choices(["error", "warning", "info"])
        .default("error"),
    )
    .addHelpText(
      "after",
      `\nExit status: 0 compatible, 1 a finding reaches the threshold, 2 nothing could be compared.\n${examples(
        "hookwright check --against origin/main",
        "hookwright check --against v1.4.0 --threshold warning",
        "hookwright check --format github",
      )}`,
    )
    .exitOverride(exitWithTwo)
    .action(
      orStatusTwo(async (options) => {
        const { runCheck } = await import("./check.ts");
        process.exitCode = await runCheck(options, Date.now());
      }),
    );
}

function addDiff(program: Command): void {
  onCatalog(program, "diff", "Print the changelog entry, in Markdown, for what changed since an earlier catalog.")
    .option(...against)
    .addHelpText("after", examples("hookwright diff --against v1.4.0", "hookwright diff > entry.md"))
    .exitOverride(exitWithTwo)
    .action(
      orStatusTwo(async (options) => {
        const { runDiff } = await import("./diff.ts");
        await runDiff(options, Date.now());
      }),
    );
}

/** One is what the two commands answer for a change that breaks; what kept them from comparing is two. */
function orStatusTwo<Options>(action: (options: Options) => Promise<void>): (options: Options) => Promise<void> {
  return async (options) => {
    try {
      await action(options);
    } catch (error) {
      console.error(describeFailure(error));
      process.exitCode = 2;
    }
  };
}

function exitWithTwo({ exitCode }: { readonly exitCode: number }): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

function addBaseline(program: Command): void {
  onCatalog(program, "baseline", "Keep the catalog as it is, to compare later ones with.")
    .addHelpText("after", examples("hookwright baseline"))
    .action(async (options) => {
      const { runBaseline } = await import("./baseline.ts");
      await runBaseline(options);
    });
}

function addExplain(program: Command): void {
  program
    .command("explain")
    .description("Say what a rule of check, or a diagnostic of generate, means and what to do.")
    .argument("<name>", "a rule or a code")
    .addHelpText("after", examples("hookwright explain HW021", "hookwright explain field-renamed"))
    .action(async (name) => {
      const { runExplain } = await import("./explain.ts");
      process.exitCode = runExplain(name);
    });
}

function addInspect(program: Command): void {
  onCatalog(program, "inspect", "Print what is known of an event type: fields, headers, and an example as it is sent.")
    .argument("<type>", "an event type, alone or behind its contract's id and a slash")
    .option("--json", "print JSON in place of text")
    .addHelpText(
      "after",
      examples("hookwright inspect deployment.created", "hookwright inspect hookwright/endpoint.disabled --json"),
    )
    .action(async (type, options) => {
      const { runInspect } = await import("./inspect.ts");
      process.exitCode = await runInspect(type, options);
    });
}

function addInit(program: Command): void {
  program
    .command("init")
    .description("Add a catalog to this app, or make a project with one, ready to generate and to start.")
    .argument("[folder]", "where; this folder, unless given", ".")
    .option("--yes", "write without asking; an app that is there is asked about otherwise")
    .addOption(
      new Option("--template <framework>", "add a handler that emits inside a transaction").choices(templateNames),
    )
    .addHelpText(
      "after",
      examples("hookwright init", "hookwright init --yes --template express", "hookwright init webhooks"),
    )
    .action(async (folder, options) => {
      const { runInit } = await import("./init.ts");
      process.exitCode = await runInit(folder, options);
    });
}

function addDoctor(program: Command): void {
  onCatalog(program, "doctor", "Check an installation, and say what to mend; exit status 1 when there is something.")
    .addHelpText("after", examples("hookwright doctor"))
    .action(async (options) => {
      const { runDoctor } = await import("./doctor.ts");
      process.exitCode = await runDoctor(options);
    });
}
