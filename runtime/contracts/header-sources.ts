import type { Contract, HeaderSource } from "../../catalog/contract.ts";

/** What a header carries, beside a contract's own headers also a field of the envelope. */
export type CarriedSource = HeaderSource | "event.time" | "tenant" | "constant";

/** What each header of a request carries, by the header's name, fields of the envelope first. */
export function headerSources({
  envelope,
  headers,
}: Pick<Contract, "envelope" | "headers">): Readonly<Record<string, CarriedSource>> {
  const carried = Object.values(envelope).flatMap((field) => {
    if (field.header === undefined) return [];
    const from = "from" in field ? field.from : "constant";
    // The generator has refused data and meta in a header.
    return from === "data" || from === "data.members" || from === "meta" ? [] : [[field.header, from] as const];
  });
  return { ...Object.fromEntries(carried), ...headers };
}
