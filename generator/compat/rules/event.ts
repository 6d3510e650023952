import { rule } from "../rule.ts";
import type { Rule } from "../rule.ts";

/** Rules about contracts, event types and their envelope. */
export const eventRules = {
  "contract-removed": rule(["error", "payload"], "a contract is gone", {
    reason: "Nothing of it is delivered any more, and no error appears anywhere.",
    remedy: "keep the contract until its last endpoint is deleted",
  }),
  "contract-added": rule(["info", "payload"], "a new contract", { reason: "Nobody is subscribed to it yet." }),
  "mode-changed": rule(["error", "payload"], "another mode", {
    reason: "Single events, batches and questions have different bodies and answers.",
    remedy: "declare a second contract in the other mode, and move endpoints one by one",
  }),
  "producer-changed": rule(["error", "payload"], "another producer", {
    reason: "The product can emit its events no more, or Hookwright does not.",
    remedy: "declare a contract of its own",
  }),
  "event-removed": rule(["error", "payload"], "an event type is gone", {
    reason: "Handlers fall silent, and no error appears anywhere.",
    remedy: "deprecate it with `@deprecated`, and emit it until nobody is subscribed",
  }),
  "event-renamed": rule(["error", "payload"], "an event type has another name", {
    reason: "To receivers it is gone, and they are not subscribed to the new one.",
    remedy: "emit both, as a companion, and deprecate the old one",
  }),
  "event-added": rule(["info", "sdk-source"], "a new event type", {
    reason: "Receivers get it as an unknown event until they update; exhaustive switches then miss a case.",
  }),
  "event-deprecated": rule(["info", "docs"], "an event type is deprecated", {
    reason: "SDKs and documents mark it; it is still sent.",
  }),
  "event-undeprecated": rule(["info", "docs"], "an event type is no longer deprecated", {
    reason: "SDKs and documents no longer mark it.",
  }),
  "event-level-changed": rule(["warning", "delivery"], "another level", {
    reason: "Streams that choose by level begin or cease to get it.",
    remedy: "tell the owners of streams",
  }),
  "event-title-changed": rule(["info", "docs"], "another title", { reason: "Documents and dashboards show it." }),
  "event-since-changed": rule(["info", "docs"], "another version it came with", { reason: "Documents show it." }),
  "event-meta-removed": rule(["error", "payload"], "an event type says nothing beside its data any more", {
    reason: "The envelope lacks a field that was promised.",
    remedy: "keep it",
  }),
  "event-meta-added": rule(["info", "payload"], "an event type says something beside its data", {
    reason: "Receivers ignore fields that they do not know.",
  }),
  "envelope-field-removed": rule(["error", "payload"], "a field of the envelope is gone", {
    reason: "Every event lacks it, whatever its type.",
    remedy: "keep it, with a constant if need be",
  }),
  "envelope-field-added": rule(["info", "payload"], "a new field in the envelope", {
    reason: "Receivers ignore fields that they do not know.",
  }),
  "envelope-field-changed": rule(["error", "payload"], "a field of the envelope carries something else", {
    reason: "Every event is read wrongly, whatever its type.",
    remedy: "keep it, and add the new one beside it",
  }),
  "envelope-field-moved": rule(["error", "payload"], "a field of the envelope stands elsewhere", {
    reason: "Receivers look for it in the body or the header where it was.",
    remedy: "send it in both places, under another key in the new one",
  }),
  "envelope-constant-changed": rule(["error", "payload"], "a constant of the envelope has another value", {
    reason: "Receivers compare it.",
    remedy: "keep the value; say what is new in another field",
  }),
  "unit-changed": rule(["error", "payload"], "another unit", {
    reason: "The value is still a number, so receivers go on with wrong ones and no error appears.",
    remedy: "keep it, and add the new one beside it",
  }),
  "event-type-moved": rule(["error", "payload"], "the event's type stands elsewhere", {
    reason: "Receivers tell event types apart by it, so nothing is read.",
    remedy: "keep it, and add the new one beside it",
  }),
  "data-moved": rule(["error", "payload"], "the data stands elsewhere", {
    reason: "The shape of every payload changes.",
    remedy: "declare a second contract",
  }),
  "id-prefix-changed": rule(["warning", "payload"], "identifiers begin with something else", {
    reason: "Receivers may route or validate by the prefix.",
    remedy: "keep the prefix",
  }),
  "id-format-changed": rule(["warning", "payload"], "identifiers have another format", {
    reason: "Receivers may have columns or checks that only take the former one.",
    remedy: "keep the format",
  }),
} as const satisfies Readonly<Record<string, Rule>>;
