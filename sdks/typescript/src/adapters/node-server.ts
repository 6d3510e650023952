/** What the servers on Node's `http` have in common, by its shape: the sources have no types of Node. */
import type { WebhookHandler } from "../core/handler.ts";
import type { WebhookRequest } from "../core/request.ts";

export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly readableEnded: boolean;
  /** What a parser made of the body; bytes when it was a raw one. */
  readonly body?: unknown;
  /** The bytes beside a parsed body, as NestJS, Firebase and Google Cloud Functions keep them. */
  readonly rawBody?: unknown;
}

export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
}

/** Answers a request of Node. Rejects only when the answer cannot be written. */
export async function answerNode(handler: WebhookHandler, request: NodeRequest, response: NodeResponse): Promise<void> {
  const answer = await handler({ headers: request.headers, body: bodyOf(request) });
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.end(await answer.text());
}

/**
 * The bytes, or the stream that nobody has read yet. Else it is what a parser left: an object, which the handler refuses
 * with body_already_parsed and the way to mend it.
 */
function bodyOf(request: NodeRequest): WebhookRequest["body"] {
  const { rawBody, body, readableEnded } = request;
  if (rawBody !== undefined && rawBody !== null) return rawBody as WebhookRequest["body"];
  return readableEnded || body instanceof Uint8Array ? (body as WebhookRequest["body"]) : request;
}
