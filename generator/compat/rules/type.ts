import { rule } from "../rule.ts";
import type { Rule } from "../rule.ts";

/** Rules about fields and their types. A payload is read by receivers, so what it may hold must not grow. */
export const typeRules = {
  "required-field-removed": rule(["error", "payload"], "a required field is gone", {
    reason: "Receivers refuse the event, or go on with nothing.",
    remedy: "keep sending it, and deprecate it",
  }),
  "optional-field-removed": rule(["error", "payload"], "an optional field is gone", {
    reason: "Receivers cannot see that it never comes again.",
    remedy: "keep sending it, and deprecate it",
  }),
  "field-renamed": rule(["error", "payload"], "a field has another name", {
    reason: "Receivers look for the former one.",
    remedy: "send both, and deprecate the former",
  }),
  "field-added": rule(["info", "payload"], "a new field", { reason: "Receivers ignore fields that they do not know." }),
  "required-field-added": rule(["warning", "history"], "a new required field", {
    reason: "Events that are in the log lack it; when they are delivered again, an updated SDK refuses them.",
    remedy: "make it optional, or wait until no older event can be delivered",
  }),
  "field-made-optional": rule(["error", "payload"], "a required field may be absent", {
    reason: "Receivers rely on it.",
    remedy: "keep sending it",
  }),
  "field-made-required": rule(["warning", "history"], "an optional field is required", {
    reason: "Events that are in the log may lack it; when they are delivered again, an updated SDK refuses them.",
    remedy: "leave it optional until no older event can be delivered",
  }),
  "field-made-nullable": rule(["error", "payload"], "a field may be null", {
    reason: "Receivers rely on a value.",
    remedy: "leave the value out in a new optional field, or send a neutral one",
  }),
  "field-made-non-null": rule(["warning", "history"], "a field is never null", {
    reason: "Events that are in the log may have null; when they are delivered again, an updated SDK refuses them.",
    remedy: "leave it nullable until no older event can be delivered",
  }),
  "item-made-nullable": rule(["error", "payload"], "an item may be null", {
    reason: "Receivers rely on a value.",
    remedy: "leave such items out",
  }),
  "item-made-non-null": rule(["warning", "history"], "an item is never null", {
    reason: "Events that are in the log may have null items, which an updated SDK refuses.",
    remedy: "leave it nullable until no older event can be delivered",
  }),
  "type-changed": rule(["error", "payload"], "another type", {
    reason: "Receivers refuse the value or misread it.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "array-changed": rule(["error", "payload"], "one value became a list, or a list one value", {
    reason: "Receivers refuse the value or misread it.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "record-values-changed": rule(["error", "payload"], "the values of a record have another type", {
    reason: "Receivers refuse the value or misread it.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "type-widened": rule(["error", "payload"], "the value may have further types", {
    reason: "Receivers only know the former ones.",
    remedy: "add a field of the wider type, and deprecate this one",
  }),
  "type-narrowed": rule(["info", "sdk-source"], "the value has fewer types", {
    reason: "Code that handles the others is never reached.",
  }),
  "integer-to-number": rule(["error", "sdk-runtime"], "a whole number may have a fraction", {
    reason: "SDKs that read it as an integer refuse the event.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "number-to-integer": rule(["info", "sdk-source"], "a number is always whole", {
    reason: "Its type in SDKs changes at the next update.",
  }),
  "range-widened": rule(["warning", "payload"], "a number may be smaller or larger", {
    reason: "Columns and checks of receivers may be too narrow.",
    remedy: "keep the range, or announce the new one",
  }),
  "range-narrowed": rule(["info", "payload"], "a number has a narrower range", {
    reason: "Receivers take it as before.",
  }),
  "format-removed": rule(["error", "payload"], "text need not have its format any more", {
    reason: "Parsers of dates, UUIDs and URLs fail.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "format-changed": rule(["error", "payload"], "text has another format", {
    reason: "Parsers of dates, UUIDs and URLs fail.",
    remedy: "add a field of the new type, and deprecate this one",
  }),
  "format-added": rule(["warning", "sdk-source"], "text has a format", {
    reason: "Its type in SDKs may change at the next update.",
    remedy: "say so in the changelog",
  }),
  "pattern-changed": rule(["warning", "payload"], "text need not match what it matched", {
    reason: "Receivers may take it apart, by its prefix for instance.",
    remedy: "keep the pattern, or announce the new one",
  }),
  "pattern-added": rule(["info", "payload"], "text matches a pattern", { reason: "Receivers take it as before." }),
  "tuple-shortened": rule(["error", "payload"], "a list has fewer places", {
    reason: "Receivers read each place by its number.",
    remedy: "keep sending it",
  }),
  "tuple-lengthened": rule(["info", "payload"], "a list has further places at its end", {
    reason: "Receivers pass over what they do not know.",
  }),
  "max-length-raised": rule(["warning", "payload"], "text may be longer", {
    reason: "Columns of receivers may be too narrow.",
    remedy: "keep the limit, or announce the new one",
  }),
  "max-length-lowered": rule(["info", "payload"], "text is shorter", { reason: "Receivers take it as before." }),
  "truncation-added": rule(["warning", "payload"], "text is cut", {
    reason: "Receivers get a part where they got the whole.",
    remedy: "send the whole in a field of its own",
  }),
  "truncation-removed": rule(["info", "payload"], "text is no longer cut", {
    reason: "What is too long is refused at emit.",
  }),
  "closed-enum-value-added": rule(["error", "payload"], "a closed set has a further value", {
    reason: "Receivers only know the others, and exhaustive switches fail.",
    remedy: "make it `Open<…>` first, and add values after receivers have updated",
  }),
  "open-enum-value-added": rule(["info", "payload"], "an open set has a further value", {
    reason: "Receivers take values that they do not know.",
  }),
  "enum-value-removed": rule(["info", "sdk-source"], "a set has one value less", {
    reason: "Its constant is gone from SDKs at the next update.",
  }),
  "enum-opened": rule(["warning", "sdk-source"], "a closed set is open", {
    reason: "Exhaustive switches need a default at the next update.",
    remedy: "say so in the changelog",
  }),
  "enum-closed": rule(["warning", "payload"], "an open set is closed", {
    reason: "It promises that no value is ever added.",
    remedy: "leave it open",
  }),
  "constant-changed": rule(["error", "payload"], "a constant has another value", {
    reason: "Receivers compare it.",
    remedy: "keep the value; say what is new in another field",
  }),
  "closed-variant-added": rule(["error", "payload"], "a closed union has a further variant", {
    reason: "Receivers refuse what they cannot tell apart.",
    remedy: "make it `Open<…>` first, and add variants after receivers have updated",
  }),
  "open-variant-added": rule(["info", "payload"], "an open union has a further variant", {
    reason: "Receivers take variants that they do not know.",
  }),
  "variant-removed": rule(["info", "sdk-source"], "a union has one variant less", {
    reason: "Its type is gone from SDKs at the next update.",
  }),
  "variant-tag-changed": rule(["error", "payload"], "a variant has another tag", {
    reason: "Receivers do not recognize it.",
    remedy: "keep the tag",
  }),
  "union-opened": rule(["warning", "sdk-source"], "a closed union is open", {
    reason: "Exhaustive switches need a default at the next update.",
    remedy: "say so in the changelog",
  }),
  "union-closed": rule(["warning", "payload"], "an open union is closed", {
    reason: "It promises that no variant is ever added.",
    remedy: "leave it open",
  }),
  "object-opened": rule(["info", "payload"], "an object is an open record", {
    reason: "Receivers take members that they do not know.",
  }),
  "object-closed": rule(["error", "payload"], "an open record is an object like others", {
    reason: "Receivers that read a member which is not named find nothing, and its type in SDKs is gone.",
    remedy: "leave it open, or name its members first",
  }),
  "union-discriminator-changed": rule(["error", "payload"], "variants are told apart by another field", {
    reason: "Receivers recognize none of them.",
    remedy: "keep the field",
  }),
  "type-name-changed": rule(["warning", "sdk-source"], "a type of the SDKs has another name", {
    reason: "Sources that name it do not compile after an update.",
    remedy: "keep the name of the interface",
  }),
  "sdk-name-changed": rule(["error", "sdk-source"], "a field or a value has another name in SDKs", {
    reason: "Sources that name it do not compile after an update, or name another one.",
    remedy: "add new values and fields at the end, or keep the name with `@named`",
  }),
  "field-deprecated": rule(["info", "docs"], "a field is deprecated", {
    reason: "SDKs and documents mark it; it is still sent.",
  }),
  "field-undeprecated": rule(["info", "docs"], "a field is no longer deprecated", {
    reason: "SDKs and documents no longer mark it.",
  }),
  "description-changed": rule(["info", "docs"], "another description", { reason: "Documents and SDKs show it." }),
  "meaning-changed": rule(["warning", "docs"], "another description of when an event is sent", {
    reason: "No schema shows such a change; if the event is sent at other times, receivers break.",
    remedy: "confirm that it is sent when it was before",
  }),
  "example-changed": rule(["info", "docs"], "another example", { reason: "Documents and fixtures show it." }),
} as const satisfies Readonly<Record<string, Rule>>;
