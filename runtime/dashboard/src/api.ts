import createClient from "openapi-fetch";
import type { paths } from "./api-types.ts";
import { token } from "./token.ts";

/** The public API and nothing else: what this page can do, `curl` can do. */
export const api = createClient<paths>({ baseUrl: "" });

api.use({
  onRequest: ({ request }) => {
    if (token.value !== null) request.headers.set("authorization", `Bearer ${token.value}`);
    return request;
  },
});

/** What a GET of a path answers. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

/** A request that failed, in words for a person. */
export interface Problem {
  /** 0: there was no answer. */
  readonly status: number;
  readonly message: string;
  readonly remedy: string | null;
  readonly requestId: string | null;
}

const failed = (problem: Problem): Error => new Error(problem.message, { cause: problem });

interface Exchange<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's data. Throws what `problemOf` reads for every other answer, and for none. */
export async function answerOf<Data>(asked: Promise<Exchange<Data>>): Promise<Data> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw failed({ status: 0, message: "", remedy: null, requestId: null });
  });
  if (response.ok) return data as Data;
  throw failed({ status: response.status, ...told(error) });
}

/** Errors of the API have one form; a proxy's have any. */
function told(error: unknown): Omit<Problem, "status"> {
  const inner: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "error") : null;
  const text = (name: string) => {
    const value: unknown = typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : null;
    return typeof value === "string" ? value : null;
  };
  return { message: text("message") ?? "", remedy: text("remedy"), requestId: text("requestId") };
}

export function problemOf(error: unknown): Problem {
  const cause: unknown = error instanceof Error ? error.cause : null;
  if (typeof cause === "object" && cause !== null && "remedy" in cause) return cause as Problem;
  return { status: 0, message: String(error), remedy: null, requestId: null };
}
