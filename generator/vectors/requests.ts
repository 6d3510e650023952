/** How events stand in the body of a request. */
import type { ContractModel } from "../model.ts";
import type { Sample, Site } from "./sites.ts";
import { pathText, replaced } from "./sites.ts";
import type { ExpectedEvent, Probe } from "./vector.ts";
import type { Path } from "./sites.ts";

/** A request with these events, each as its JSON text. */
export function bodyOf(contract: ContractModel, events: readonly string[]): string {
  return bodyOfRecords(
    contract,
    events.map((event) => recordOf(contract, event)),
  );
}

/** An event as it stands in a body. The id of a wrapper is another one than the event's: it is not compared. */
export function recordOf({ declaration }: ContractModel, event: string, id: unknown = "another"): string {
  const wrapper = declaration.mode === "stream" ? declaration.batch.record : undefined;
  if (wrapper === undefined) return event;
  return `{${JSON.stringify(wrapper.id)}:${JSON.stringify(id)},${JSON.stringify(wrapper.member)}:${event}}`;
}

/** A request with these records, each as its JSON text in its wrapper. */
export function bodyOfRecords({ declaration }: ContractModel, records: readonly string[]): string {
  if (declaration.mode !== "stream") return records.join("");
  const { body } = declaration.batch;
  switch (body.kind) {
    case "object":
      return `{${JSON.stringify(body.member)}:[${records.join(",")}]}`;
    case "array":
      return `[${records.join(",")}]`;
    case "lines":
      return records.map((record) => `${record}\n`).join("");
  }
}

/** Where an event's place is in the body, `records[1].record.value`. */
export function placeIn(contract: ContractModel, index: number, path: Path): string {
  return placeOfRecord(contract, index, [...wrapperPath(contract), ...path]);
}

/** The same from the root of its wrapper. */
export function placeOfRecord({ declaration }: ContractModel, index: number, path: Path = []): string {
  if (declaration.mode !== "stream") return pathText(path);
  const { body } = declaration.batch;
  return pathText([...(body.kind === "object" ? [body.member, index] : [index]), ...path]);
}

/** From a wrapper to its event; where there is none, nowhere. */
export function wrapperPath({ declaration }: ContractModel): readonly string[] {
  const wrapper = declaration.mode === "stream" ? declaration.batch.record : undefined;
  return wrapper === undefined ? [] : [wrapper.member];
}

/** A sample with another value in a place, as its JSON text. */
export function changed(sample: Sample, path: Path, value: unknown): string {
  return JSON.stringify(replaced(sample.event, path, value));
}

export function known(sample: Sample, probes: readonly Probe[] = []): ExpectedEvent {
  return { type: sample.type, known: true, probes };
}

export interface Found {
  readonly sample: Sample;
  readonly site: Site;
}

/** The first place that fits, in the order of the catalog. */
export function findSite(samples: readonly Sample[], fits: (site: Site) => boolean): Found | null {
  for (const sample of samples) {
    const site = sample.sites.find(fits);
    if (site !== undefined) return { sample, site };
  }
  return null;
}

export function valueProbe(path: Path, value: unknown): Probe {
  return { path: pathText(path), is: "value", value };
}
