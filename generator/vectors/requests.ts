/** How events stand in the body of a request. */
import type { ContractModel } from "../model.ts";
import type { Sample, Site } from "./sites.ts";
import { pathText, replaced } from "./sites.ts";
import type { ExpectedEvent, Probe } from "./vector.ts";
import type { Path } from "./sites.ts";

/** A request with these events, each as its JSON text. */
export function bodyOf({ declaration }: ContractModel, events: readonly string[]): string {
  if (declaration.mode !== "stream") return events.join("");
  const { body } = declaration.batch;
  switch (body.kind) {
    case "object":
      return `{${JSON.stringify(body.member)}:[${events.join(",")}]}`;
    case "array":
      return `[${events.join(",")}]`;
    case "lines":
      return events.map((event) => `${event}\n`).join("");
  }
}

/** Where an event's place is in the body, `records[1].record.value`. */
export function placeIn({ declaration }: ContractModel, index: number, path: Path): string {
  if (declaration.mode !== "stream") return pathText(path);
  const { body } = declaration.batch;
  return pathText([...(body.kind === "object" ? [body.member, index] : [index]), ...path]);
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
