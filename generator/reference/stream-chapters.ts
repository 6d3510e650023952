import type { StreamContract, StreamSetting } from "../../catalog/contract.ts";
import type { Declared } from "../model.ts";
import { duration, streamRetryText, urlText } from "../wire-text.ts";
import { code, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { answerTable } from "./push-chapters.ts";

/** What a contract in mode `stream` has of its own: when batches are sent, what is in them, and its settings. */
export function streamChapters(declaration: Declared<StreamContract>): readonly Chapter[] {
  return [batches(declaration), answers(declaration), settings(declaration)];
}

function batches({ batch, delay, schedule, filter, settings: named }: Declared<StreamContract>): Chapter {
  const start =
    schedule.kind === "continuously"
      ? "Batches are sent as soon as there are records for them."
      : `Batches are sent by a schedule, ${code(schedule.default)} unless it is set; its six fields start with the seconds.`;
  const age =
    delay.defaultSeconds === 0
      ? "Records are sent without delay unless one is set."
      : `A record is sent ${duration(delay.defaultSeconds)} after its event unless another delay is set.`;
  return {
    title: "Batches",
    blocks: [
      `${start} ${age}`,
      `A batch holds up to ${batch.recordsMax} records. Once it was sent it stays as it is, byte for byte, until it is accepted; one is under way at a time.`,
      filterText(filter, Object.values(named).includes("level")),
    ],
  };
}

function filterText(filter: StreamContract["filter"], isByLevel: boolean): string {
  if (filter.kind === "none") return "A stream gets every record of its tenant.";
  const except = filter.exceptByDefault.map(code).join(", ");
  const chosen = isByLevel ? "of a level or above, or of the types that are listed" : "of the types that are listed";
  const all = except === "" ? "all of them" : `all but ${except}`;
  const named = Object.entries(filter.categories ?? {}).map(
    ([name, types]) => `${name} (${types.map(code).join(", ")})`,
  );
  const categories = named.length === 0 ? "" : ` In place of types a category may be named: ${named.join("; ")}.`;
  return `A stream gets records ${chosen}.${categories} Without ${isByLevel ? "either" : "a list"} it gets ${all}.`;
}

function answers(declaration: Declared<StreamContract>): Chapter {
  return { title: "Answers and retries", blocks: [answerTable(declaration), streamRetryText(declaration.retry)] };
}

function settings(declaration: Declared<StreamContract>): Chapter {
  const rows = Object.entries(declaration.settings).map(([name, setting]) => [
    code(name),
    settingText(declaration, setting),
  ]);
  return { title: "Settings", blocks: [table(["Setting", "Meaning"], rows)] };
}

function settingText(declaration: Declared<StreamContract>, setting: StreamSetting): string {
  const { batch, delay, schedule } = declaration;
  const texts: Record<StreamSetting, string> = {
    url: `Where batches are sent (${urlText(declaration)}).`,
    authorization: "What requests carry as their authorization, as it is.",
    schedule: `When batches are sent${schedule.kind === "cron" ? `; ${code(schedule.default)} unless set` : ""}.`,
    delay: `How old a record has to be before it is sent; ${duration(delay.defaultSeconds)} unless set.`,
    "batch-size": `How many records a batch holds; at most ${batch.recordsMax}.`,
    "send-as-batch": "Whether records are sent in batches, or each alone.",
    concurrency: `How many records are sent at once when each is sent alone; ${batch.single?.concurrencyDefault ?? 1} unless set.`,
    "start-from": "The record after which the first batch starts.",
    level: "The lowest level of the records that are sent.",
    types: "The types of the records that are sent, whatever their level.",
    "notice-url": "Where a notice is sent after a run.",
    "notice-on-success": "Whether a notice is sent after a run without errors too.",
  };
  return texts[setting];
}
