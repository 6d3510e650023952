import { fork } from "node:child_process";
import { join } from "node:path";

/** A process that answers one question after the other. */
export interface Child<Questions extends QuestionTable> {
  readonly pid: number;
  readonly ask: <Name extends keyof Questions & string>(
    name: Name,
    ...input: Parameters<Questions[Name]>
  ) => Promise<Awaited<ReturnType<Questions[Name]>>>;
  readonly close: () => Promise<void>;
}

/** What a child answers: a function for each question. */
export type QuestionTable = Readonly<Record<string, (input: never) => unknown>>;

/** Starts a script beside this file. Its standard output, which has its log, goes nowhere. */
export function startChild<Questions extends QuestionTable>(script: string): Child<Questions> {
  const child = fork(join(import.meta.dirname, script), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start.`);
  let isClosing = false;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ask = (name: string, input?: unknown) =>
    new Promise<never>((resolve, reject) => {
      child.once("message", (answer: { readonly value?: never; readonly error?: string }) =>
        answer.error === undefined ? resolve(answer.value as never) : reject(new Error(answer.error)),
      );
      void ended.then(() => isClosing || reject(new Error(`${script} ended.`)));
      child.send({ name, input });
    });
  const close = () => {
    isClosing = true;
    child.disconnect();
    return ended;
  };
  return { pid, ask, close };
}

/** The other side: answers the questions of the process that started this one, and ends with it. */
export function answerParent(questions: QuestionTable): void {
  process.on("message", ({ name, input }: { readonly name: string; readonly input: never }) => {
    Promise.resolve(questions[name]?.(input)).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}
