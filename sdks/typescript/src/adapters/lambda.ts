import type { WebhookHandler } from "../core/handler.ts";
import type { HeaderSource } from "../core/headers.ts";

/** A request by API Gateway (payload versions 1 and 2), a function URL, or a load balancer. */
export interface LambdaEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** Version 1, and a load balancer that is set to it, have every value of each header here. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export interface LambdaResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/**
 * A function of AWS Lambda.
 *
 * @example export const handler = lambda(webhook.handler(handlers, { fallback }));
 */
export function lambda(handler: WebhookHandler): (event: LambdaEvent) => Promise<LambdaResult> {
  return async (event) => {
    const answer = await handler({ headers: headersOf(event), body: bodyOf(event) });
    const headers = [...answer.headers];
    // A load balancer that sends several values expects them in the answer as well.
    const isMultiple = event.headers === undefined || event.headers === null;
    return {
      statusCode: answer.status,
      ...(isMultiple
        ? { multiValueHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])) }
        : { headers: Object.fromEntries(headers) }),
      body: await answer.text(),
      isBase64Encoded: false,
    };
  };
}

function headersOf({ headers, multiValueHeaders }: LambdaEvent): HeaderSource {
  return multiValueHeaders ?? headers ?? {};
}

function bodyOf({ body, isBase64Encoded }: LambdaEvent): Uint8Array | string {
  const text = body ?? "";
  return isBase64Encoded === true ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : text;
}
