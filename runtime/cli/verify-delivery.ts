import type { HeaderSource, Contract, Signature } from "../../catalog/contract.ts";
import { signatureText, signingKey } from "../contracts/signature.ts";

/** A delivery as it came; header names in lower case. */
export interface ReceivedDelivery {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What the contract's headers say of a delivery. */
export type HeaderValues = Readonly<Partial<Record<HeaderSource, string>>>;

export function headerValues({ headers }: Pick<Contract, "headers">, received: ReceivedDelivery): HeaderValues {
  const found = Object.entries(headers).flatMap(([name, source]) => {
    const value = received.headers[name.toLowerCase()];
    return typeof value === "string" ? [[source, value] as const] : [];
  });
  return Object.fromEntries(found);
}

type Signed = Pick<Contract, "headers"> & {
  readonly signature: Signature;
  readonly secret: { readonly prefix: string };
};

/**
 * Why a delivery does not verify; null when it does. Checks what the contract declares: the signature over the bytes
 * that came, and the time in it.
 */
export function verificationProblem(
  contract: Signed,
  received: ReceivedDelivery,
  { secret, now }: { readonly secret: string; readonly now: number },
): string | null {
  const { signature } = contract;
  const values = headerValues(contract, received);
  const given = values.signature;
  if (given === undefined) return "it has no signature";
  const timestamp = timestampOf(signature, values);
  if (timestamp === null) return "it has no timestamp";
  const parts = {
    deliveryId: values["delivery.id"] ?? "",
    eventId: values["event.id"] ?? "",
    timestamp,
    body: received.body.toString("utf8"),
  };
  const key = signingKey(secret, { signature, secretPrefix: contract.secret.prefix });
  // During a rotation there are several signatures behind one another, the newest secret's first.
  const { separator } = signature;
  const text = signatureText(signature, parts, [key]);
  const alone = signature.timestamp.carrier === "signature" ? text.slice(text.indexOf(separator) + 1) : text;
  const expected = separator + alone + separator;
  if (!`${separator}${given}${separator}`.includes(expected)) return "its signature is not of this endpoint's secret";
  return isTimely(signature, timestamp, now) ? null : "its timestamp is too far from this machine's clock";
}

function timestampOf({ timestamp, separator }: Signature, values: HeaderValues): string | null {
  if (timestamp.carrier === "header") return values.timestamp ?? null;
  const part = values.signature?.split(separator).find((each) => each.startsWith(timestamp.prefix));
  return part?.slice(timestamp.prefix.length) ?? null;
}

function isTimely({ timestamp, toleranceSeconds, toleranceSides }: Signature, text: string, now: number): boolean {
  const ageMs = now - Number(text) * (timestamp.unit === "milliseconds" ? 1 : 1000);
  return ageMs <= toleranceSeconds * 1000 && (toleranceSides === "past" || -ageMs <= toleranceSeconds * 1000);
}
