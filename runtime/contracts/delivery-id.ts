import { createHash } from "node:crypto";
import type { Contract } from "../../catalog/contract.ts";

/**
 * Identifiers of deliveries and attempts are not stored: they are made of what they identify, so the same delivery has
 * the same id after a crash, and an id in a receiver's log leads back to its event.
 *
 *     <prefix><event id>_<endpoint mark>                the delivery of an event to an endpoint
 *     <prefix><event id>_<endpoint mark>_<run>          its redelivery, run ≥ 1
 *     <prefix><event id>_<endpoint mark>_<run>_<n>      attempt n, from 1
 */
export interface DeliveryIdentity {
  readonly prefix: string;
  readonly eventId: string;
  readonly endpointId: string;
  /** 0 for the first delivery, then counts redeliveries. */
  readonly run: number;
}

/** Twelve hexadecimal digits that stand for an endpoint: 48 bits of its id's SHA-256, to tell the few endpoints of one event apart. */
export function endpointMark(endpointId: string): string {
  const known = marks.get(endpointId);
  if (known !== undefined) return known;
  if (marks.size >= marksMax) marks.clear();
  const mark = createHash("sha256").update(endpointId).digest("hex").slice(0, 12);
  marks.set(endpointId, mark);
  return mark;
}

/** Every attempt needs its endpoint's mark, and a SHA-256 costs more than the rest of the id. */
const marks = new Map<string, string>();
const marksMax = 100_000;

export function deliveryId({ prefix, eventId, endpointId, run }: DeliveryIdentity): string {
  const first = `${prefix}${eventId}_${endpointMark(endpointId)}`;
  return run === 0 ? first : `${first}_${run}`;
}

export function attemptId({ prefix, eventId, endpointId, run, number }: DeliveryIdentity & { number: number }): string {
  return `${prefix}${eventId}_${endpointMark(endpointId)}_${run}_${number}`;
}

/** The ids of one attempt as the contract makes them. */
export function attemptIds(
  { ids }: Pick<Contract, "ids">,
  of: Omit<DeliveryIdentity, "prefix"> & { readonly number: number },
): { readonly deliveryId: string; readonly attemptId: string } {
  return {
    deliveryId: deliveryId({ ...of, prefix: ids.delivery.prefix }),
    attemptId: attemptId({ ...of, prefix: ids.attempt.prefix }),
  };
}

/** What a delivery id identifies. Null when it is malformed or of another endpoint. */
export function parseDeliveryId(
  text: string,
  of: Pick<DeliveryIdentity, "prefix" | "endpointId">,
): { readonly eventId: string; readonly run: number } | null {
  if (!text.startsWith(of.prefix)) return null;
  const mark = `_${endpointMark(of.endpointId)}`;
  const at = text.lastIndexOf(mark);
  if (at <= of.prefix.length) return null;
  const eventId = text.slice(of.prefix.length, at);
  const rest = text.slice(at + mark.length);
  if (rest === "") return { eventId, run: 0 };
  return /^_[1-9][0-9]{0,8}$/.test(rest) ? { eventId, run: Number(rest.slice(1)) } : null;
}
