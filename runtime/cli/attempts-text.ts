import type { Static } from "@sinclair/typebox";
import type { WholeDelivery } from "../http/routes/deliveries.ts";
import { unlessNotFound, type Api } from "./api.ts";

export type Attempts = Static<typeof WholeDelivery>["delivery"]["attempts"];

interface Deliveries {
  readonly endpoints: readonly {
    readonly endpointId: string;
    readonly deliveries: readonly { readonly id: string }[];
  }[];
}

/** Attempts of an event's deliveries, by the deliveries' ids. A deleted endpoint's are not told any more. */
export async function readAttempts(
  api: Pick<Api, "read">,
  { endpoints }: Deliveries,
): Promise<ReadonlyMap<string, Attempts>> {
  const read = new Map<string, Attempts>();
  for (const { endpointId, deliveries } of endpoints) {
    for (const { id } of deliveries) {
      const path = `/webhook-endpoints/${endpointId}/deliveries/${encodeURIComponent(id)}`;
      const found = await unlessNotFound(api.read<Static<typeof WholeDelivery>>(path));
      if (found !== null) read.set(id, found.delivery.attempts);
    }
  }
  return read;
}

/** A line for each attempt, and after it its headers: `>` before those of the request, `<` before the response's. */
export function attemptsText(attempts: Attempts): readonly string[] {
  return attempts.flatMap(({ number, startedAt, durationMs, status, error, ...headers }) => {
    const said = [...(status === null ? [] : [`status ${status}`]), ...(error === null ? [] : [error])].join(", ");
    return [
      `      attempt ${number}  ${startedAt}, ${durationMs} ms, ${said}`,
      ...linesOf(">", headers.requestHeaders),
      ...linesOf("<", headers.responseHeaders ?? {}),
      ...(headers.headersCut ? ["        and others that are not kept"] : []),
    ];
  });
}

/** A receiver chose the values: what steers a terminal is shown as a replacement character. */
function linesOf(mark: ">" | "<", headers: Readonly<Record<string, string>>): readonly string[] {
  const shown = (text: string) => text.replace(/\p{Cc}/gu, "\ufffd");
  return Object.entries(headers).map(([name, value]) => `        ${mark} ${shown(name)}: ${shown(value)}`);
}
