import { catalog } from "../../../runtime/generated/catalog.ts";
import { data as kilobyte, eventType } from "../setup.ts";

/*
 * The work of all measurements: tenants with one endpoint each, bodies of 1,000 bytes, callers at once, events in their
 * turn of one tenant after the other.
 */

export const tenantCount = 100;
export const callerCount = 16;

/** Bytes of a body as it is stored, signed and sent. */
const bodyBytes = 1000;

export const tenantOf = (number: number): string => `org_${number % tenantCount}`;

/** A wire body with tenant and id of the usual length, so that what is left is the name's: the type cuts no name. */
const rendered = (agentName: string) =>
  JSON.stringify({
    id: "0190a5c0-0000-7000-8000-000000000000",
    type: eventType,
    createdAt: "2026-05-08T14:00:00.000Z",
    organizationId: "org_10",
    data: { ...kilobyte, agentName },
  });

export const data = { ...kilobyte, agentName: "x".repeat(bodyBytes - rendered("").length) };
export const contract = catalog.stech.declaration;
export { eventType };

/** Milliseconds since 1970 with their fraction, in any process. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Runs so many at once until all are done; each is told its number. */
export async function inTurn(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: callerCount }, run));
}

/** Starts the work so many times a second, whether or not the earlier one is done. Resolves when all are. */
export async function steadily(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  work: (number: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const all: Promise<void>[] = [];
  for (let number = 0; number < count; number += 1) {
    const aheadMs = startedAt + (number * 1000) / perSecond - performance.now();
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    all.push(work(number));
  }
  await Promise.all(all);
}
