import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Payload } from "../contracts/event-data.ts";

/** Has a person edit what an event says, as JSON in `$VISUAL` or `$EDITOR`. Throws when that fails or leaves no JSON. */
export function editPayload(payload: Payload): Payload {
  const editor = process.env["VISUAL"] || process.env["EDITOR"];
  if (editor === undefined || editor === "") throw new Error("--edit: expected an editor in EDITOR, got none; set it.");
  const folder = mkdtempSync(join(tmpdir(), "hookwright-edit-"));
  try {
    const file = join(folder, "event.json");
    writeFileSync(file, `${JSON.stringify(payload, null, 2)}\n`);
    // The variable may hold arguments, `code --wait`, so it is a shell that reads it, as git does.
    const { status, error } = spawnSync("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
    if (status !== 0) throw new Error(`--edit: the editor ${editor} failed; nothing was emitted.`, { cause: error });
    return parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(text: string): Payload {
  try {
    const { data, meta } = JSON.parse(text);
    return { data, ...(meta === undefined ? {} : { meta }) };
  } catch (cause) {
    throw new Error("--edit: expected JSON with the member data, got other text; nothing was emitted.", { cause });
  }
}
