import type { BesideSignature, HeaderSource, HttpMessage, Secret, SignedPart } from "../catalog/contract.ts";
import {
  carriedFields,
  contentTypeOf,
  envelopeFields,
  envelopeKey,
  envelopeValue,
  headerOf,
  knownWith,
  openConstantType,
} from "./envelope.ts";
import type { EnvelopeValue } from "./envelope.ts";
import { shapeOf } from "./model.ts";
import type { ContractModel, Field, ObjectShape, Shape, Slot, Type } from "./model.ts";

type Declaration = ContractModel["declaration"];
type Signed = NonNullable<Declaration["signature"]>;

/** Plain data; each language checks it against its core's types where it is written. */
type Json = Readonly<Record<string, unknown>>;

/**
 * What a receiver has to know of a contract to verify and read its requests and to answer them. `test/vectors/README.md`
 * says what each member means; every SDK has one of these, and so has every file of vectors.
 */
export function receiverContract(contract: ContractModel): Json {
  const { declaration, events } = contract;
  const dataKey = dataKeyOf(contract);
  const kinds = envelopeFields(declaration).map(([key, field]) => [key, envelopeValue(field)] as const);
  const carried = carriedFields(declaration).map(({ key, header }) => [key, header] as const);
  const metas = events.flatMap((event) => (event.meta === null ? [] : [[event.name, event.meta] as const]));
  return {
    id: declaration.id,
    mode: declaration.mode,
    signature: signatureScheme(declaration),
    authorizationHeader: headerOf(declaration, "authorization"),
    typeKey: envelopeKey(declaration, "event.type"),
    eventId: eventIdOf(contract),
    dataKey,
    metaKey: kinds.find(([, value]) => value.kind === "meta")?.[0] ?? null,
    envelope: Object.fromEntries(
      kinds.filter(([, value]) => isOfEveryEvent(value)).map(([key, value]) => [key, envelopeDescriptor(value)]),
    ),
    ...knownWithOf(declaration),
    ...(carried.length === 0 ? {} : { carried: Object.fromEntries(carried) }),
    events: Object.fromEntries(events.map((event) => [event.name, event.data])),
    metas: Object.fromEntries(metas),
    ...challengeRule(declaration),
    batch: batchBody(declaration),
    verdict: declaration.mode === "action" ? verdictRule(contract) : null,
    shapes: Object.fromEntries(contract.shapes.map((shape) => [shape.name, shapeDescriptor(shape)])),
  };
}

function knownWithOf(declaration: Declaration): Json {
  const constants = knownWith(declaration);
  return constants.length === 0 ? {} : { knownWith: Object.fromEntries(constants) };
}

/** The envelope's key of the data; null when the data's members stand in the envelope itself. */
export function dataKeyOf(contract: ContractModel): string | null {
  const { declaration } = contract;
  if (envelopeFields(declaration).every(([, field]) => envelopeValue(field).kind !== "members")) {
    return envelopeKey(declaration, "data");
  }
  for (const { name, data } of contract.events) {
    if (shapeOf(contract, data).kind === "object") continue;
    throw new Error(
      `The contract "${declaration.id}": the members of ${name} stand in the envelope, so its data has to be an object.`,
    );
  }
  return null;
}

/** Where the event's id is, by which receivers deduplicate. */
function eventIdOf(contract: ContractModel): Json | null {
  const { declaration } = contract;
  const key = envelopeFields(declaration).find(([, field]) => "from" in field && field.from === "event.id")?.[0];
  if (key !== undefined) return { in: "envelope", name: key };
  const carried = carriedId(contract);
  return carried === null ? null : { in: "header", name: carried.header, as: carried.as };
}

/** The event's id where a header carries it: what a receiver adds to the event. */
export interface CarriedId {
  readonly header: string;
  /** The member of the event that has it. */
  readonly as: string;
  /** Whether it is signed, so that no delivery is without it. */
  readonly isSigned: boolean;
}

/** Null where the envelope has the event's id, or nothing has. */
export function carriedId(contract: ContractModel): CarriedId | null {
  const { declaration } = contract;
  const fields = envelopeFields(declaration);
  const header = headerOf(declaration, "event.id");
  if (header === null || fields.some(([, field]) => "from" in field && field.from === "event.id")) return null;
  const isInside = fields.some(([, field]) => envelopeValue(field).kind === "members");
  const shapes = isInside ? contract.events.map(({ data }) => shapeOf(contract, data)) : [];
  const members = shapes.flatMap((shape) => (shape.kind === "object" ? shape.fields.map(({ name }) => name) : []));
  const taken = new Set([...fields.map(([key]) => key), ...members]);
  const as = ["id", "eventId", "webhookEventId"].find((name) => !taken.has(name)) ?? "$id";
  return { header, as, isSigned: signedIds(declaration).includes("event.id") };
}

/** Whether every event has it, known or unknown. */
function isOfEveryEvent({ kind }: EnvelopeValue): boolean {
  return kind !== "data" && kind !== "members" && kind !== "meta";
}

/** How a receiver knows the question for a challenge, and where it answers; nothing where none is asked. */
export function challengeRule(declaration: Declaration): { readonly challenge?: ReceiverChallenge } {
  const challenge = declaration.mode === "push" ? declaration.challenge : undefined;
  if (challenge === undefined) return {};
  const members = Object.entries(challenge.body);
  const constants = members.flatMap(([name, member]) =>
    "constant" in member ? [[name, member.constant] as const] : [],
  );
  const member = members.find(([, each]) => "from" in each)?.[0] ?? "";
  return { challenge: { constants: Object.fromEntries(constants), member, answer: challenge.answer } };
}

interface ReceiverChallenge {
  /** The members that say that it is one. */
  readonly constants: Readonly<Record<string, string>>;
  /** The member with the text that is given back. */
  readonly member: string;
  readonly answer: string;
}

function batchBody(declaration: Declaration): Json | null {
  if (declaration.mode !== "stream") return null;
  const { body, single, record } = declaration.batch;
  return { body, ...(record === undefined ? {} : { recordMember: record.member }), single: single !== null };
}

/** How the verdict of an action is written. */
export interface VerdictRule {
  readonly shape: string;
  readonly decision: string;
  readonly allows: string;
  readonly denies: string;
  readonly code: string;
  readonly reason: string;
  readonly overrides: readonly string[];
  /** What a verdict may say beside decision and overrides, whatever the trigger. */
  readonly others: readonly string[];
  readonly triggers: Readonly<Record<string, "decides" | "decides-and-overrides" | "informational">>;
  readonly bytesMax: number;
  readonly signatureHeader: string;
}

/** Throws for a contract that is no action, and for one whose answers could not be signed as declared. */
export function verdictRule(contract: ContractModel): VerdictRule {
  const { declaration } = contract;
  if (declaration.mode !== "action") throw new Error(`The contract "${declaration.id}" has no verdicts.`);
  if (declaration.signature?.timestamp?.carrier === "header" || signedIds(declaration).length > 0) {
    const rule = "an answer is signed in one header, so its signature has to carry its time and no identifier";
    throw new Error(`The contract "${declaration.id}": ${rule}.`);
  }
  const { decision, denies, code, reason, bytesMax, signatureHeader } = declaration.verdict;
  const overrides = Object.keys(declaration.verdict.overrides);
  const { name: shape, fields } = verdictShape(contract);
  const named = [decision, code, reason, ...overrides];
  const others = fields.map((field) => field.name).filter((name) => !named.includes(name));
  const answers = Object.entries(declaration.triggers).map(([type, { answer }]) => [type, answer] as const);
  const allows = allowingDecision(contract, decision, denies);
  const triggers = Object.fromEntries(answers);
  return { shape, decision, allows, denies, code, reason, overrides, others, triggers, bytesMax, signatureHeader };
}

/** The shape of an answer. Throws for a contract that has none. */
export function verdictShape(contract: ContractModel): ObjectShape {
  const shape = contract.verdict === null ? undefined : shapeOf(contract, contract.verdict);
  if (shape?.kind === "object") return shape;
  throw new Error(`The contract "${contract.declaration.id}": expected a verdict that is an object.`);
}

function allowingDecision(contract: ContractModel, decision: string, denies: string): string {
  const type = verdictShape(contract).fields.find((field) => field.name === decision)?.type;
  const other = type?.kind === "enum" ? type.values.find((value) => value !== denies) : undefined;
  if (typeof other === "string") return other;
  throw new Error(`The contract "${contract.declaration.id}": ${decision} has no value beside "${denies}".`);
}

/** The signature with the names of the headers that carry its parts. */
function signatureScheme(declaration: Declaration): Json | null {
  const { signature, secret } = declaration;
  if (signature === null || secret === null) return null;
  return {
    algorithms: algorithmsOf(signature, secret),
    content: partsOf(signature).map((part) => (part === "event.id" || part === "delivery.id" ? "id" : part)),
    ...messageScheme(declaration, signature),
    ...(signature.joint === undefined ? {} : { joint: signature.joint }),
    signatureHeader: requiredHeader(declaration, "signature"),
    separator: signature.separator,
    timestamp: signedTime(declaration, signature),
    idHeader: idHeader(declaration),
    // Without a time there is nothing to tolerate.
    toleranceSeconds: signature.timestamp === null ? 0 : signature.toleranceSeconds,
    toleranceSides: signature.timestamp === null ? "past" : signature.toleranceSides,
  };
}

/** An algorithm that signs, and what a receiver verifies it with: what begins with `secretPrefix`, secret or public key. */
export interface SignatureAlgorithm {
  readonly name: Signed["algorithm"];
  readonly key: "utf8" | "base64-after-prefix";
  readonly secretPrefix: string;
  readonly prefix: string;
  readonly encoding: Signed["encoding"];
  /** The fewest bytes of its key. Left out: any. */
  readonly secretBytesMin?: number;
}

/** In the order in which their signatures stand in the header. */
export function algorithmsOf(
  signature: Signed,
  secret: Pick<Secret, "prefix" | "bytesMin">,
): readonly SignatureAlgorithm[] {
  if (signature.algorithm === "ed25519") return [pairAlgorithm(signature)];
  const { algorithm: name, key, prefix, encoding, beside } = signature;
  // A key that is text is longer than what it was made of.
  const fewest = secret.bytesMin === undefined || key === "utf8" ? {} : { secretBytesMin: secret.bytesMin };
  const shared = { name, key, secretPrefix: secret.prefix, prefix, encoding, ...fewest };
  return beside === undefined ? [shared] : [shared, pairAlgorithm(beside)];
}

function pairAlgorithm({
  algorithm: name,
  publicKeyPrefix: secretPrefix,
  prefix,
}: Pick<BesideSignature, "algorithm" | "prefix" | "publicKeyPrefix">): SignatureAlgorithm {
  return { name, key: "base64-after-prefix", secretPrefix, prefix, encoding: "base64" };
}

function signedTime(declaration: Declaration, { timestamp }: Signed): Json | null {
  if (timestamp === null) return null;
  if (timestamp.carrier !== "header") return timestamp;
  return { unit: timestamp.unit, carrier: "header", header: requiredHeader(declaration, "timestamp") };
}

function idHeader(declaration: Declaration): string | null {
  const [part, ...others] = signedIds(declaration);
  if (part === undefined) return null;
  if (others.length > 0) throw new Error(`The contract "${declaration.id}" signs more than one identifier.`);
  return requiredHeader(declaration, part);
}

/** The parts that are signed; an HTTP message has components instead. */
export function partsOf({ content }: Signed): readonly SignedPart[] {
  return "label" in content ? [] : content;
}

/** What a receiver has to know of an HTTP message that is signed. */
export interface MessageScheme extends HttpMessage {
  readonly inputHeader: string;
  /** What a test signs with; a receiver takes any. */
  readonly contentType: string;
}

export function messageOf(declaration: Declaration): MessageScheme | null {
  const content = declaration.signature?.content;
  if (content === undefined || !("label" in content)) return null;
  const inputHeader = requiredHeader(declaration, "signature-input");
  return { ...content, inputHeader, contentType: contentTypeOf(declaration) };
}

function messageScheme(declaration: Declaration, { content }: Signed): Json {
  return "label" in content ? { message: messageOf(declaration) } : {};
}

/** The identifiers among what is signed. */
export function signedIds({ signature }: Declaration): readonly ("event.id" | "delivery.id")[] {
  return (signature === null ? [] : partsOf(signature)).filter((part) => part === "event.id" || part === "delivery.id");
}

function requiredHeader(declaration: Declaration, source: HeaderSource): string {
  const header = headerOf(declaration, source);
  if (header !== null) return header;
  throw new Error(
    `The contract "${declaration.id}" has no header that carries "${source}", so nobody could verify it.`,
  );
}

function envelopeDescriptor(value: EnvelopeValue): Json {
  if (value.kind === "constant")
    return { type: value.others === undefined ? { constant: value.value } : openConstantType(value.value) };
  return { type: value.kind === "integer" ? "integer" : "string" };
}

function shapeDescriptor(shape: Shape): Json {
  if (shape.kind === "object") {
    return { fields: Object.fromEntries(shape.fields.map((field) => [field.name, fieldDescriptor(field)])) };
  }
  const variants = Object.fromEntries(shape.variants.map(({ tag, shape: name }) => [tag, name]));
  return { discriminator: shape.discriminator, variants, open: shape.open };
}

function fieldDescriptor(field: Field): Json {
  return { ...slotDescriptor(field), ...(field.optional ? { optional: true } : {}) };
}

function slotDescriptor(slot: Slot): Json {
  return { type: descriptor(slot.type), ...(slot.nullable ? { nullable: true } : {}) };
}

function descriptor(type: Type): Json | string {
  switch (type.kind) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "unknown":
      return type.kind;
    case "constant":
      return { constant: type.value };
    case "enum":
      return typeof type.values[0] === "number" ? "number" : "string";
    case "scalars":
      return { scalars: type.of.map(descriptor) };
    case "array":
      return { array: slotDescriptor(type.items) };
    case "record":
      return { record: slotDescriptor(type.values) };
    case "tuple":
      return { tuple: type.items.map(slotDescriptor) };
    case "shape":
      return { shape: type.name };
  }
}
