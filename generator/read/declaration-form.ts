/** The parts that a declaration has to have: what tsc checks too, so that no emitter meets one that is not there. */
import type { ts } from "ts-morph";
import { textAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

/** The form of a value. A member whose name ends in `?` may be left out. */
type Form =
  | "text"
  | "number"
  | "boolean"
  | "scalar"
  | { readonly members: Readonly<Record<string, Form>>; readonly variants?: Variants }
  | { readonly list: Form }
  | { readonly map: Form }
  | { readonly orNull: Form }
  | { readonly oneOrMore: Form }
  | { readonly textOr: Form }
  | { readonly listOf: Form; readonly or: Form };

/** Further members by the text of one of them; a text that is not listed has none. */
interface Variants {
  readonly by: string;
  readonly of: Readonly<Record<string, Readonly<Record<string, Form>>>>;
}

const idFormat: Form = { members: { prefix: "text", format: "text" } };

const envelopeField: Form = {
  members: {
    doc: "text",
    "from?": "text",
    "constant?": "scalar",
    "others?": "text",
    "given?": { list: "text" },
    "header?": "text",
  },
  variants: { by: "from", of: { "event.time": { format: "text" } } },
};

const pair = { algorithm: "text", prefix: "text", publicKeyPrefix: "text" } as const;

const signature: Form = {
  members: {
    algorithm: "text",
    content: {
      listOf: { textOr: { members: { text: "text" } } },
      or: { members: { label: "text", components: { list: "text" } } },
    },
    "joint?": "text",
    prefix: "text",
    encoding: "text",
    separator: "text",
    timestamp: {
      orNull: {
        members: { unit: "text", carrier: "text" },
        variants: { by: "carrier", of: { signature: { prefix: "text" } } },
      },
    },
    // Where a time is sent they are there; `checkTolerance` looks.
    "toleranceSeconds?": "number",
    "toleranceSides?": "text",
    "beside?": { members: { ...pair, secretPrefix: "text" } },
  },
  variants: { by: "algorithm", of: { "hmac-sha256": { key: "text" }, ed25519: pair } },
};

const secret: Form = {
  members: {
    prefix: "text",
    bytes: "number",
    "bytesMin?": "number",
    encoding: "text",
    scope: "text",
    rotation: {
      members: { kind: "text" },
      variants: {
        by: "kind",
        of: { overlap: { defaultSeconds: "number", maxSeconds: "number" }, keys: { activeMax: "number" } },
      },
    },
  },
};

const outcomes: Form = { list: { members: { on: { oneOrMore: "scalar" }, then: "text", "error?": "text" } } };

const push = {
  timeoutSeconds: "number",
  outcomes,
  states: { members: { pending: "text", delivered: "text", rejected: "text", exhausted: "text" } },
  retry: { members: { waitsSeconds: { list: "number" }, "jitter?": "number" } },
  "breaker?": { members: { consecutiveFailures: "number", firstSeconds: "number", maxSeconds: "number" } },
  "challenge?": {
    members: { body: { map: { members: { "constant?": "text", "from?": "text" } } }, answer: "text" },
  },
  disable: { orNull: { members: { consecutiveFailures: "number" } } },
  subscription: { members: { wildcard: "text", prefixes: "boolean", "default?": "text" } },
  log: { members: { responseBodyBytesMax: "number", pageDefault: "number", pageMax: "number" } },
  "subscribers?": {
    members: {
      ttlSeconds: { members: { min: "number", default: "number", max: "number" } },
      secretBytesMax: "number",
      provenSeconds: "number",
      subscriptionsMax: "number",
    },
  },
} as const satisfies Readonly<Record<string, Form>>;

const stream = {
  batch: {
    members: {
      body: { members: { kind: "text" }, variants: { by: "kind", of: { object: { member: "text" } } } },
      "record?": { members: { id: "text", member: "text" } },
      recordsMax: "number",
      single: { orNull: { members: { concurrencyDefault: "number" } } },
    },
  },
  delay: { members: { defaultSeconds: "number" } },
  schedule: { members: { kind: "text" }, variants: { by: "kind", of: { cron: { default: "text" } } } },
  timeoutSeconds: "number",
  outcomes,
  retry: {
    members: { kind: "text" },
    variants: {
      by: "kind",
      of: {
        endless: { firstSeconds: "number", maxSeconds: "number", jitter: "number" },
        "per-run": { retriesMax: "number", budgetSeconds: "number", onExhausted: "text" },
      },
    },
  },
  filter: { members: { kind: "text" } },
  settings: { map: "text" },
} as const satisfies Readonly<Record<string, Form>>;

const action = {
  timeoutMs: { members: { default: "number", min: "number", max: "number" } },
  triggers: { map: { members: { answer: "text" } } },
  verdict: {
    members: {
      decision: "text",
      denies: "text",
      code: "text",
      reason: "text",
      overrides: { map: { members: {} } },
      bytesMax: "number",
      signatureHeader: "text",
    },
  },
  failMode: { members: { default: "text" } },
  statuses: { map: "text" },
  killSwitch: { members: { errorRate: "number", timeoutRate: "number", windowSeconds: "number" } },
  log: { members: { invocationsMax: "number" } },
} as const satisfies Readonly<Record<string, Form>>;

const declarationForm: Form = {
  members: {
    mode: "text",
    title: "text",
    doc: "text",
    producer: "text",
    tenant: { members: { noun: "text", example: "text", "member?": "text" } },
    "omits?": "text",
    envelope: { map: envelopeField },
    ids: {
      members: {
        event: idFormat,
        endpoint: idFormat,
        delivery: { members: { prefix: "text" } },
        attempt: { members: { prefix: "text" } },
      },
    },
    "masked?": { members: { members: { list: "text" }, as: "text" } },
    headers: { map: "text" },
    userAgent: "text",
    "contentType?": "text",
    signature: { orNull: signature },
    secret: { orNull: secret },
    url: { members: { schemes: { list: "text" }, lengthMax: "number" } },
    "bodyBytesMax?": "number",
  },
  variants: { by: "mode", of: { push, stream, action } },
};

/** Whether all parts are there and of their kinds; the first of a part that is not is reported. */
export function checkForm(declaration: EvaluatedObject, report: Report): boolean {
  return fits(declaration, declarationForm, { path: "", report });
}

interface Place {
  readonly path: string;
  readonly report: Report;
}

function fits(value: Evaluated, form: Form, place: Place): boolean {
  // Its fault has been reported.
  if (value.kind === "invalid") return true;
  if (typeof form === "string") return isScalar(value, form) || refuse(value.node, place, `expected ${words[form]}`);
  if ("orNull" in form) return isNull(value) || fits(value, form.orNull, place);
  if ("listOf" in form) return fits(value, value.kind === "array" ? { list: form.listOf } : form.or, place);
  if ("textOr" in form) return isScalar(value, "text") || fits(value, form.textOr, place);
  if ("oneOrMore" in form)
    return fits(value, value.kind === "array" ? { list: form.oneOrMore } : form.oneOrMore, place);
  if ("list" in form) {
    if (value.kind !== "array") return refuse(value.node, place, "expected a list");
    return value.items.map((item, index) => fits(item, form.list, under(place, `[${index}]`))).every(Boolean);
  }
  if (value.kind !== "object") return refuse(value.node, place, "expected an object");
  if ("members" in form) return membersFit(value, form, place);
  const entries = [...value.entries].map(([key, entry]) => fits(entry.value, form.map, under(place, `.${key}`)));
  return entries.every(Boolean);
}

function membersFit(value: EvaluatedObject, form: Extract<Form, { members: unknown }>, place: Place): boolean {
  const variant = form.variants === undefined ? undefined : textAt(value, form.variants.by);
  const more = variant === undefined ? undefined : form.variants?.of[variant];
  const checked = Object.entries({ ...form.members, ...more }).map(([key, inner]) => {
    const name = key.replace(/\?$/, "");
    const at = under(place, `.${name}`);
    const entry = value.entries.get(name);
    if (entry !== undefined) return fits(entry.value, inner, at);
    return key.endsWith("?") || refuse(value.node, at, "it is missing");
  });
  return checked.every(Boolean);
}

const words = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  scalar: "a text, a number, true or false",
};

function isScalar(value: Evaluated, form: keyof typeof words): boolean {
  if (value.kind !== "scalar") return false;
  if (form === "scalar") return value.value !== null;
  return typeof value.value === (form === "text" ? "string" : form);
}

function isNull(value: Evaluated): boolean {
  return value.kind === "scalar" && value.value === null;
}

function under({ path, report }: Place, step: string): Place {
  return { path: path === "" ? step.replace(/^\./, "") : path + step, report };
}

function refuse(at: ts.Node, { path, report }: Place, says: string): false {
  report({ code: "HW017", at, message: `${path}: ${says}` });
  return false;
}
