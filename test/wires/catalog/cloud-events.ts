import { cloudEventsBatched, cloudEventsBinary, cloudEventsStructured } from "../../../catalog/cloudevents-presets.ts";
import { contract } from "../../../catalog/contract.ts";
import type { Id } from "../../../catalog/vocabulary.ts";

export interface ObjectEvents {
  /** An object was stored. */
  "com.example.object.stored": { bucket: string; key: string; etag: Id | null };
}

const common = {
  title: "Object events",
  doc: "What becomes of objects, as CloudEvents.",
  tenant: { noun: "project", example: "proj-1" },
  userAgent: "Objects/1",
  examples: { "com.example.object.stored": { one: { bucket: "photos", key: "größe 100%.png", etag: null } } },
} as const;
const source = { constant: "https://objects.example/", doc: "Where it comes from." } as const;

export const ceStructured = contract<ObjectEvents>({
  ...cloudEventsStructured,
  ...common,
  id: "ceStructured",
  envelope: { ...cloudEventsStructured.envelope, source },
});

export const ceBinary = contract<ObjectEvents>({
  ...cloudEventsBinary,
  ...common,
  id: "ceBinary",
  envelope: { ...cloudEventsBinary.envelope, source: { ...source, header: "ce-source" } },
});

export const ceBatched = contract<ObjectEvents>({
  ...cloudEventsBatched,
  ...common,
  id: "ceBatched",
  envelope: { ...cloudEventsBatched.envelope, source },
});
