import { InvalidArgumentError, Option, type Command } from "commander";
import { examples } from "./examples.ts";
import { parseQuestionSetting, parseSetting } from "./set-path.ts";

/** Adds the commands of whoever works with a running server. */
export function addLocalCommands(program: Command): void {
  addListen(program);
  addTrigger(program);
  addResend(program);
  addRedeliver(program);
  addTail(program);
  addExplainEvent(program);
}

function onServer(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(
      new Option("--api <url>", "the running server").env("HOOKWRIGHT_API_URL").default("http://127.0.0.1:8080"),
    )
    .addOption(new Option("--key <key>", "an API key, the operator's or the tenant's").env("HOOKWRIGHT_API_KEY"))
    .addOption(new Option("--tenant <tenant>", "whose endpoints and events").env("HOOKWRIGHT_TENANT").default("local"));
}

const contract = ["--contract <id>", "a contract of the catalog; the first one, unless given"] as const;

function addListen(program: Command): void {
  onServer(
    program,
    "listen",
    "Forward a tenant's deliveries, batches or questions to a URL of this machine, verified, until Ctrl-C.",
  )
    .requiredOption("--forward-to <url>", "where each delivery is sent on to", parseUrl)
    .option(
      "--events <types>",
      "comma-separated event types, or triggers of questions; all of them, unless given",
      parseList,
      ["*"],
    )
    .option(...contract)
    .option(
      "--port <port>",
      "where the server delivers to; it has to be in its HOOKWRIGHT_ALLOW_TARGETS",
      parsePort,
      9009,
    )
    .addOption(new Option("--format <format>", "how to print deliveries").choices(["text", "json"]).default("text"))
    .addOption(
      new Option(
        "--on-exit <action>",
        "what becomes of what it registered; disabled, it has the same secret the next time",
      )
        .choices(["disable", "remove"])
        .default("disable"),
    )
    .option("--replace", "disable an action that is asked at one of the triggers, until the end")
    .option("--secrets <file>", "where the signing secret is kept between runs", "data/hookwright-listen.json")
    .addHelpText(
      "after",
      `\nRun it in the project's root: deliveries are verified by the catalog that was generated there.\n` +
        "Of a contract in mode push it makes an endpoint; in mode stream a log stream of what comes from now on, without\n" +
        "delay and every 2 seconds where the contract lets an owner set that; in mode action an action at each trigger.\n" +
        `Exit status: 0 ended by a signal, and what it made is retired; 1 it could not begin or end.\n${examples(
          "hookwright listen --forward-to http://localhost:3000/webhooks",
          "hookwright listen --forward-to http://localhost:3000/webhooks --events deployment.created,deployment.failed",
          "hookwright listen --forward-to http://localhost:3000/webhooks --format json | jq .",
          "hookwright listen --contract auth0 --forward-to http://localhost:3000/logs --events f,fp",
          "hookwright listen --contract authio --forward-to http://localhost:3000/actions --events pre_register",
        )}`,
    )
    .action(async (options) => {
      const { runListen } = await import("./listen.ts");
      process.exitCode = await runListen(options);
    });
}

function addTrigger(program: Command): void {
  onServer(program, "trigger", "Emit the catalog's example of an event type, or ask with that of a trigger.")
    .argument("<type>", "an event type, or a trigger")
    .option(...contract)
    .option("--example <name>", "which example; the first one, unless given")
    .option("--set <path=value>", "change a value, JSON or text; may be repeated", parseSetting, [])
    .option("--edit", "edit what the event says in $EDITOR first")
    .option("--setting <name=value>", "what an answer may override; may be repeated", parseQuestionSetting, {})
    .option("--wait [seconds]", "say what became of it, once every endpoint and log stream was tried", parseSeconds)
    .option("--json", "print JSON in place of text")
    .addHelpText(
      "after",
      examples(
        "hookwright trigger deployment.created",
        "hookwright trigger deployment.created --wait",
        "hookwright trigger deployment.created --set agentName=support --set deployedByUserId=null",
        "hookwright trigger deployment.failed --edit",
        "hookwright trigger f --contract auth0 --set user_name=ada",
        "hookwright trigger pre_token_mint --setting roles_action_override=true --setting 'roles=[\"admin\"]'",
      ),
    )
    .action(async (type, options) => {
      const { runTrigger } = await import("./trigger.ts");
      process.exitCode = await runTrigger(type, options);
    });
}

function addResend(program: Command): void {
  onServer(program, "resend", "Deliver an event once more, with the same bytes, to those that it was delivered to.")
    .argument("<id>", "an event, or one delivery of it")
    .option("--endpoint <id>", "only to this endpoint")
    .option("--missed", "to an endpoint that was never sent the event; needs --endpoint")
    .option("--dry-run", "with --missed: change nothing, and say whether it would be sent")
    .option("--json", "print one JSON object a line for each delivery")
    .addHelpText(
      "after",
      examples(
        "hookwright resend 0190c1a4-7d3e-7c41-9b7a-2f6f0e6c1d11",
        "hookwright resend 0190c1a4-7d3e-7c41-9b7a-2f6f0e6c1d11 --missed --endpoint whe_0190c19e-31d0-7a02-8a11-5a6f4cf0b7a2",
        "hookwright resend dlv_0190c1a4-7d3e-7c41-9b7a-2f6f0e6c1d11_5c1e0f7a9b33",
      ),
    )
    .action(async (id, options) => {
      const { runResend } = await import("./resend.ts");
      process.exitCode = await runResend(id, options);
    });
}

function addRedeliver(program: Command): void {
  onServer(program, "redeliver", "Deliver many events once more to an endpoint, in the background of the server.")
    .requiredOption("--endpoint <id>", "the endpoint")
    .option("--undelivered", "what was given up or refused, and not redelivered since")
    .option("--missed", "in place of deliveries: what it would get today and was never sent; needs --from")
    .option("--status <status>", "what ended so, in the contract's word")
    .option("--types <types>", "comma-separated event types; all of them, unless given", parseList)
    .option("--from <time>", "of events that did not happen before, 2026-05-08T14:00:00Z")
    .option("--until <time>", "of events that happened before")
    .option("--to <time>", "the same as --until")
    .option("--rate <deliveries>", "the most in a second; as many as are taken, unless given", parseRate)
    .option("--dry-run", "change nothing; say how many there are, and the oldest five")
    .option("--wait [seconds]", "until each was delivered or has failed, or so long", parseSeconds)
    .option("--json", "print one JSON object in place of text")
    .addHelpText(
      "after",
      `\nOf each event the last delivery counts; what waits comes anyway. Choose by one of the first six options at least.\n` +
        `Exit status: 0 done; 1 refused, or with --wait: something failed or waits yet. Ctrl-C ends the waiting alone.\n${examples(
          "hookwright redeliver --endpoint whe_0190c19e-31d0-7a02-8a11-5a6f4cf0b7a2 --undelivered --dry-run",
          "hookwright redeliver --endpoint whe_0190c19e-31d0-7a02-8a11-5a6f4cf0b7a2 --undelivered --rate 50 --wait",
          "hookwright redeliver --endpoint whe_0190c19e-31d0-7a02-8a11-5a6f4cf0b7a2 --missed --from 2026-05-08T14:00:00Z --to 2026-05-08T15:30:00Z --dry-run",
          "hookwright redeliver --endpoint whe_0190c19e-31d0-7a02-8a11-5a6f4cf0b7a2 --types deployment.failed --from 2026-05-08T14:00:00Z",
        )}`,
    )
    .action(async ({ to, ...options }) => {
      const { runRedeliver } = await import("./redeliver.ts");
      process.exitCode = await runRedeliver({ ...options, ...(to !== undefined && { until: to }) });
    });
}

function addTail(program: Command): void {
  onServer(program, "tail", "Print a tenant's events as they come, until Ctrl-C.")
    .option(...contract)
    .option("--types <types>", "comma-separated event types; all of them, unless given")
    .addOption(
      new Option("--from <place>", "where to begin: with what comes next, or with everything that is kept")
        .choices(["end", "beginning"])
        .default("end"),
    )
    .option("--json", "print each event as it is sent, one a line")
    .addHelpText(
      "after",
      examples("hookwright tail", "hookwright tail --types deployment.failed --from beginning --json | jq .data"),
    )
    .action(async (options) => {
      const { runTail } = await import("./tail.ts");
      await runTail(options);
    });
}

function addExplainEvent(program: Command): void {
  onServer(
    program,
    "explain-event",
    "Say for every endpoint and log stream what became of an event, or why it did not get it; or of a question.",
  )
    .argument("<id>", "an event, or a question")
    .option("--headers", "print each attempt with its headers, too")
    .option("--json", "print JSON in place of text")
    .addHelpText("after", examples("hookwright explain-event 0190c1a4-7d3e-7c41-9b7a-2f6f0e6c1d11"))
    .action(async (id, options) => {
      const { runExplainEvent } = await import("./explain-event.ts");
      process.exitCode = await runExplainEvent(id, options);
    });
}

/** Enough for an endpoint that answers; what is tried again later is told as it is. */
function parseSeconds(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1) return seconds;
  throw new InvalidArgumentError("Expected a number of seconds from 1 to 9999.");
}

function parseRate(text: string): number {
  const rate = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (rate >= 1 && rate <= 10_000) return rate;
  throw new InvalidArgumentError("Expected a number of deliveries a second from 1 to 10000.");
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new InvalidArgumentError("Expected an http:// or https:// URL, such as http://localhost:3000/webhooks.");
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}

function parseList(text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.every((entry) => entry !== "")) return entries;
  throw new InvalidArgumentError("Expected event types with commas between them.");
}
