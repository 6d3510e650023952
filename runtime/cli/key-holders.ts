import { liveForMs, type LiveProcess } from "../seams/process-store.ts";

/** Says which live processes do not know a key, and what that comes to. Null: all of them know it. */
export function strangersTo(keyId: string, processes: readonly LiveProcess[]): string | null {
  const strangers = processes.filter(({ keyIds }) => !keyIds.includes(keyId));
  if (strangers.length === 0) return null;
  const verb = strangers.length === 1 ? "does" : "do";
  const names = strangers.map(({ host, pid, keyIds }) => `${host}, pid ${pid}, which knows ${keyIds.join(", ")}`);
  return (
    `${strangers.length} of ${countOf(processes)} ${verb} not know the key ${keyId}:\n` +
    `${names.map((name) => `  ${name}\n`).join("")}` +
    "What is sealed with it they cannot open: deliveries wait for a process that can, questions and log streams fail."
  );
}

export const remedy =
  "Start them with the keys of this command, in any order, and rotate then; or rotate all the same with --force. " +
  `A process that died without a word counts for another ${liveForMs / 1000} seconds.`;

export const countOf = ({ length }: readonly LiveProcess[]) => `${length} live process${length === 1 ? "" : "es"}`;
