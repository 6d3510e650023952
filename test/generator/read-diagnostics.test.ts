import { describe, expect, test } from "vitest";
import { diagnosticTable } from "../../generator/diagnostics.ts";
import type { DiagnosticCode } from "../../generator/diagnostics.ts";
import { contractFile, eventsFile, indexFile, plainEvent, plainExample, read, shop } from "./fixtures/shop-files.ts";
import type { Files } from "./fixtures/shop-files.ts";

interface Case {
  readonly title: string;
  readonly files: Files;
  readonly message: string;
  readonly remedy?: string;
}

/** A catalog whose only event has a field of this type. */
function field(type: string, types = ""): Files {
  return shop({
    types,
    events: `/** An order was placed. */ "order.placed": { orderId: Id; it?: ${type} };`,
  });
}

function event(member: string): Files {
  return shop({ events: `${plainEvent}\n${member}` });
}

/** An example of an event with one required field of this type. */
function example(type: string, value: string): Files {
  return shop({
    events: `/** An order was placed. */ "order.placed": { it: ${type} };`,
    examples: `"order.placed": { one: { it: ${value} } }`,
  });
}

function contract(properties: Readonly<Record<string, string>>): Files {
  return shop({ contract: properties });
}

const at = "order.placed.data.it";
const one = 'order.placed.examples["one"]';

const fixtures: Record<DiagnosticCode, readonly Case[]> = {
  HW001: [
    {
      title: "an import of a file that is not there",
      files: shop({ files: { [indexFile]: 'import { a } from «"./nowhere.ts"»;\nexport const catalog = [a] as const;' } }),
      message: "catalog/nowhere.ts cannot be read: there is no such file",
    },
  ],
  HW002: [
    {
      title: "a missing parenthesis",
      files: shop({ files: { [indexFile]: "export const catalog = [«;»" } }),
      message: "Expression or comma expected.",
    },
  ],
  HW003: [
    { title: "an empty index", files: shop({ files: { [indexFile]: "«;»" } }), message: "the index has no array called catalog" },
    {
      title: "a catalog that is no array",
      files: shop({ files: { [indexFile]: "export const «catalog = {}»;" } }),
      message: "the index has no array called catalog",
    },
  ],
  HW004: [
    {
      title: "an element that is another constant",
      files: shop({ files: { [indexFile]: "const one = 1;\nexport const catalog = [«one»];" } }),
      message: "one is not a contract, see catalog/index.ts:1:7",
    },
    {
      title: "an element that is no name",
      files: shop({ files: { [indexFile]: "export const catalog = [«{ a: 1 }»];" } }),
      message: "{ a: 1 } is not a contract",
    },
  ],
  HW005: [],
  HW006: [
    {
      title: "arrays of arrays",
      files: field(`string${"[]".repeat(50)}`, "").constructor === Object ? deepAliases() : {},
      message: "order.placed.data.it: types are nested deeper than 100",
    },
    {
      title: "an example in too many brackets",
      files: example("unknown", `${"[".repeat(94)}«[[]]»${"]".repeat(94)}`),
      message: "values are nested deeper than 100",
    },
  ],
  HW010: [
    {
      title: "a call without type argument",
      files: shop({
        files: {
          [contractFile]:
            'import { contract } from "../contract.ts";\nimport { standardWebhooks } from "../presets.ts";\nexport const shop = «contract»({ ...standardWebhooks, id: "shop", examples: {} });',
        },
      }),
      message: "the contract does not say which events it carries",
    },
  ],
  HW011: [
    {
      title: "a family that is text",
      files: shop({
        files: {
          [eventsFile]: 'type Id = string;\nexport interface ShopEvents extends «Name» {}\ntype Name = "a";',
        },
        examples: "",
      }),
      message: '"a" is not an interface of event types',
    },
  ],
  HW012: [
    {
      title: "a call",
      files: contract({ title: "title: «makeTitle()»" }),
      message: "shop: makeTitle() is not plain data".slice(6),
    },
    {
      title: "a template with substitutions",
      files: contract({ title: "title: «`a ${1}`»" }),
      message: "`a ${1}` is not plain data",
    },
    {
      title: "a name that is not declared",
      files: contract({ title: "title: «nothing»" }),
      message: "nothing is not a constant of the catalog",
    },
    { title: "a getter", files: contract({ title: "«get title() { return 1; }»" }), message: "get title() { return 1; } is not plain data" },
    { title: "a prototype", files: contract({ more: '«__proto__: { id: "x" }»' }), message: '__proto__: { id: "x" } is not plain data' },
    { title: "a division by zero", files: contract({ title: "title: «1 / 0»" }), message: "1 / 0 is not plain data" },
    { title: "a property that is not there", files: contract({ title: "title: «standardWebhooks.titel»" }), message: "standardWebhooks.titel is not there" },
  ],
  HW013: [
    {
      title: "an id in two contracts",
      files: shop({
        files: {
          [indexFile]:
            'import { shop } from "./shop/contract.ts";\nimport { other } from "./other.ts";\nexport const catalog = [shop, other] as const;',
          "catalog/other.ts":
            'import { contract } from "./contract.ts";\nimport { standardWebhooks } from "./presets.ts";\ninterface None {}\nexport const other = contract<None>({ ...standardWebhooks, ...signed, id: «"shop"», examples: {} });\nconst signed = { headers: { ...standardWebhooks.headers } };',
        },
      }),
      message: "two contracts have the id shop, at catalog/shop/contract.ts:6:5 and at catalog/other.ts:4:75",
    },
  ],
  HW014: [
    {
      title: "an id that leaves its folder",
      files: contract({ id: 'id: «"../../etc"»' }),
      message: "../../etc: the id is no name for a contract",
    },
  ],
  HW020: [
    { title: "a name that is not declared", files: field("«Money»"), message: `${at}: the type Money is not known`, remedy: "declare it, or import it" },
    {
      title: "a word that is not imported",
      files: shop({ files: { [eventsFile]: 'export interface ShopEvents {\n/** It. */ "order.placed": { orderId: «Id» };\n}' } }),
      message: "order.placed.data.orderId: the type Id is not known",
      remedy: "import Id from vocabulary.ts",
    },
    { title: "a name space", files: field("«v.Id»"), message: `${at}: v.Id is reached through a name space` },
  ],
  HW021: [
    { title: "Date", files: field("«Date»"), message: `${at}: Date has no JSON form`, remedy: "use Timestamp" },
    { title: "Map", files: field("«Map<string, string>»"), message: `${at}: Map has no JSON form`, remedy: "use Record<string, …>" },
    { title: "Set", files: field("«Set<string>»"), message: `${at}: Set has no JSON form`, remedy: "use an array" },
    { title: "RegExp", files: field("«RegExp»"), message: `${at}: RegExp has no JSON form`, remedy: "use string" },
    { title: "bigint", files: field("«bigint»"), message: `${at}: bigint has no JSON form`, remedy: "use Int, or text" },
    { title: "a bigint literal", files: field("«12n»"), message: `${at}: bigint has no JSON form` },
    { title: "symbol", files: field("«symbol»"), message: `${at}: symbol has no JSON form` },
    { title: "Promise", files: field("«Promise<Id>»"), message: `${at}: Promise has no JSON form`, remedy: "use the type of its value" },
    { title: "Buffer", files: field("«Buffer»"), message: `${at}: Buffer has no JSON form`, remedy: "use string, in base64" },
    { title: "Uint8Array", files: field("(«Uint8Array» | null)[]"), message: `${at}: Uint8Array has no JSON form` },
  ],
  HW022: [
    { title: "a function", files: field("«() => void»"), message: `${at}: a function has no JSON form` },
    { title: "a method", files: field("{ «run»(): void }"), message: `${at}: a function has no JSON form` },
  ],
  HW023: [
    { title: "any", files: field("«any»"), message: `${at}: any says nothing about the value` },
    { title: "no type at all", files: field("{ «a» }"), message: `${at}.a: a field without a type is any` },
  ],
  HW024: [
    { title: "undefined in a union", files: field("string | «undefined»"), message: `${at}: undefined has no JSON form`, remedy: "use `?` for a field that may be absent" },
    { title: "void", files: field("«void»"), message: `${at}: void has no JSON form` },
  ],
  HW025: [{ title: "a tuple", files: field("«[Id, Int]»"), message: `${at}: a tuple cannot grow` }],
  HW026: [
    { title: "an index signature", files: field("{ «[key: string]: Id» }"), message: `${at}: an index signature stands among its fields` },
    { title: "a record of numbers", files: field("Record<«number», Id>"), message: `${at}: the keys of a record are not any text` },
  ],
  HW027: [{ title: "an enum", files: field("«Size»", "enum Size { Small }"), message: `${at}: Size is an enum` }],
  HW028: [
    { title: "an interface in itself", files: field("Tree", "interface Tree { left: «Tree» | null }"), message: `${at}.left: Tree contains itself` },
    { title: "two aliases in each other", files: field("A", "type A = { b: B[] };\ntype B = { a: «A» };"), message: `${at}.b.a: A contains itself` },
    { title: "an interface that extends itself", files: field("A", "interface A extends «A» {}"), message: `${at}: A contains itself` },
  ],
  HW029: [
    { title: "objects without a constant", files: field("«A | B»", "interface A { a: Id }\ninterface B { b: Id }"), message: `${at}: the members of A | B cannot be told apart` },
    { title: "objects with one tag", files: field('«{ k: "a" } | { k: "a"; b: Id }»'), message: `${at}: the members of { … } | { … } cannot be told apart` },
    { title: "a tag that may be absent", files: field('«{ k?: "a" } | { k: "b" }»'), message: `${at}: the members of { … } | { … } cannot be told apart` },
    { title: "an object or text", files: field("«A | string»", "interface A { a: Id }"), message: `${at}: the members of A | string cannot be told apart` },
    { title: "two kinds of text", files: field("«Id | Url»"), message: `${at}: the members of string | string cannot be told apart` },
    { title: "a literal beside its type", files: field('«"a" | string»'), message: `${at}: the members of "a" | string cannot be told apart` },
  ],
  HW030: [
    { title: "keyof", files: field("«keyof A»", "interface A { a: Id }"), message: `${at}: keyof A is not read` },
    { title: "a conditional type", files: field('«"a" extends string ? 1 : 2»'), message: `${at}: "a" extends string ? 1 : 2 is not read` },
    { title: "object", files: field("«object»"), message: `${at}: object does not say which`, remedy: "use Metadata" },
    { title: "a class", files: field("«A»", "class A {}"), message: `${at}: A is a class`, remedy: "use an interface" },
    { title: "null alone", files: shop({ events: '/** It. */ "order.placed": { orderId: Id; «it»?: null };' }), message: `${at}: null alone says nothing` },
  ],
  HW031: [
    { title: "a range upside down", files: field("«Range<1, 0>»"), message: `${at}: Range has the wrong type arguments` },
    { title: "text without a length", files: field("«Text»"), message: `${at}: Text has the wrong type arguments`, remedy: "write Text<Max>, one whole number from 1" },
    { title: "a word with arguments it does not take", files: field("«Id<1>»"), message: `${at}: Id has the wrong type arguments`, remedy: "write Id" },
    { title: "an open type that is no set", files: field("«Open<string>»"), message: `${at}: Open of string is no open set` },
    { title: "an array of nothing", files: field("«Array»"), message: `${at}: Array has the wrong type arguments` },
    { title: "a generic interface without arguments", files: field("«Page»", "interface Page<Item> { items: Item[] }"), message: `${at}: Page has the wrong type arguments`, remedy: "write Page<Item>" },
  ],
  HW032: [
    { title: "Omit of text", files: field('Omit<«string», "a">'), message: `${at}: a part of Omit is not an object type` },
    { title: "an intersection with a union", files: field("«(A | B)» & A", 'interface A { k: "a" }\ninterface B { k: "b" }'), message: `${at}: a part of an intersection is not an object type` },
    { title: "a base that is text", files: field("A", "interface A extends «B» {}\ntype B = string;"), message: `${at}: B is extended and not an object type` },
  ],
  HW033: [
    { title: "a field in two parts", files: field("«A & { a: Int }»", "interface A { a: Id }"), message: `${at}: the field a stands in two parts of the intersection` },
    { title: "a field twice", files: field("{ a: Id; «a»: Int }"), message: `${at}: the field a is declared twice` },
  ],
  HW034: [
    {
      title: "a declared name and one from where it stands",
      files: shop({
        types: "interface OrderPlacedData { a: Id }",
        events: '/** It. */ "order.paid": OrderPlacedData;\n/** It. */ "order.placed": «{ b: Id }»;',
        examples: '"order.paid": { one: { a: "1" } }, "order.placed": { one: { b: "1" } }',
      }),
      message:
        "order.placed.data: two shapes are called OrderPlacedData, at catalog/shop/order.ts:5:28 and at catalog/shop/order.ts:2:11",
    },
  ],
  HW035: [
    { title: "an item", files: field("«WriteOnly<Id>»[]"), message: `${at}: WriteOnly is not the type of a field`.replace("it:", "it[]:") },
  ],
  HW036: [
    { title: "a misspelt field", files: field('Omit<A, «"passwort"»>', "interface A { password: string }"), message: `${at}: Omit names the field passwort, which is not there` },
  ],
  HW037: [{ title: "a computed name", files: field("{ «[key]»: Id }", "declare const key: unique symbol;"), message: `${at}: a field has a computed name` }],
  HW040: [
    {
      title: "two families with one event",
      files: shop({
        types: 'interface Other { /** It. */ "order.placed": { orderId: Id } }',
        files: {},
        events: `«"order.placed"»: { orderId: Id };`.replace("«", "/** It. */ «"),
      }),
      message: "",
    },
  ],
  HW041: [
    { title: "a capital letter", files: event('/** It. */ «"Order.Paid"»: { a: Id };'), message: "Order.Paid is malformed" },
    { title: "an empty part", files: event('/** It. */ «"order..paid"»: { a: Id };'), message: "order..paid is malformed" },
  ],
  HW042: [{ title: "no comment", files: shop({ events: '«"order.placed"»: { orderId: Id };' }), message: "order.placed has no documentation" }],
  HW043: [
    { title: "text", files: shop({ events: '/** It. */ "order.placed": «string»;' }), message: "order.placed.data: it is not an object" },
    { title: "an object or null", files: shop({ events: '/** It. */ "order.placed": «{ orderId: Id } | null»;' }), message: "order.placed.data: it is not an object" },
    { title: "a record", files: shop({ events: '/** It. */ "order.placed": «Metadata»;' }), message: "order.placed.data: it is not an object" },
  ],
  HW044: [
    { title: "a method", files: event("/** It. */ «paid»(): void;"), message: "paid is not an event type" },
    { title: "an event that may be absent", files: event('/** It. */ «"order.paid"»?: { a: Id };'), message: "order.paid is not an event type" },
    { title: "an index signature", files: event("«[name: string]: unknown;»"), message: "[name: string]: unknown; is not an event type" },
  ],
  HW050: [
    { title: "no entry", files: event('/** It. */ «"order.paid"»: { a: Id };'), message: "order.paid has no example" },
    { title: "an empty entry", files: shop({ events: '/** It. */ «"order.placed"»: { a: Id };', examples: '"order.placed": {}' }), message: "order.placed has no example" },
  ],
  HW051: [
    { title: "an unknown key", files: shop({ examples: '"order.placed": { one: { orderId: "1", «secret»: 1 } }' }), message: `${one}: OrderPlacedData has no field secret` },
    { title: "a key that is only written", files: shop({ events: '/** It. */ "order.placed": { orderId: Id; password?: WriteOnly<string> | null };', examples: '"order.placed": { one: { orderId: "1", «password»: "x" } }' }), message: `${one}: OrderPlacedData has no field password` },
    { title: "a missing key", files: shop({ examples: '"order.placed": { one: «{}» }' }), message: `${one}: the field orderId is missing`, remedy: "add orderId" },
    { title: "another type", files: example("string", "«5»"), message: `${one}.it: expected a text, got 5` },
    { title: "null where it is not nullable", files: example("Id", "«null»"), message: `${one}.it: expected an identifier, got null` },
    { title: "a value that is not in the enum", files: example('"a" | "b"', '«"c"»'), message: `${one}.it: expected "a" or "b", got "c"` },
    { title: "a later value of an open enum", files: example('Open<"a" | "b">', '«"c"»'), message: `${one}.it: expected "a" or "b", got "c"` },
    { title: "another constant", files: example("1", "«2»"), message: `${one}.it: expected 1, got 2` },
    { title: "a long text", files: example("Text<3>", '«"abcd"»'), message: `${one}.it: expected a text of at most 3 characters, got "abcd"` },
    { title: "a long text that emit would cut", files: example("Truncated<3>", '«"abcd"»'), message: `${one}.it: expected a text of at most 3 characters, got "abcd"` },
    { title: "a number out of range", files: example("Range<0, 1>", "«-0.1»"), message: `${one}.it: expected a number from 0 to 1, got -0.1` },
    { title: "a fraction", files: example("Int", "«1.5»"), message: `${one}.it: expected a whole number, got 1.5` },
    { title: "a time without milliseconds", files: example("Timestamp", '«"2026-05-08T14:02:11Z"»'), message: `${one}.it: expected an instant in UTC with milliseconds, like 2026-05-08T14:02:11.482Z, got "2026-05-08T14:02:11Z"` },
    { title: "30 February", files: example("Timestamp", '«"2026-02-30T14:02:11.000Z"»'), message: `${one}.it: expected an instant in UTC with milliseconds, like 2026-05-08T14:02:11.482Z, got "2026-02-30T14:02:11.000Z"` },
    { title: "a UUID in capitals", files: example("Uuid", '«"019E0A1C-5D2F-7B3A-8C41-6F2D9E7A5B10"»'), message: `${one}.it: expected a UUID in small letters, got "019E0A1C-5D2F-7B3A-8C41-6F2D9E7A5B10"` },
    { title: "no e-mail address", files: example("Email", '«"robin"»'), message: `${one}.it: expected an e-mail address, got "robin"` },
    { title: "no absolute URL", files: example("Url", '«"/orders"»'), message: `${one}.it: expected an absolute URL, got "/orders"` },
    { title: "an item", files: example("Int[]", '[1, «"2"»]'), message: `${one}.it[1]: expected a whole number, got "2"` },
    { title: "a value of a record", files: example("Record<string, boolean>", "{ a: true, b: «1» }"), message: `${one}.it["b"]: expected true or false, got 1` },
    { title: "neither number nor text", files: example("number | string", "«true»"), message: `${one}.it: expected a number or a text, got true` },
    { title: "an unknown variant", files: example('Open<{ k: "a" } | { k: "b" }>', '{ k: «"c"» }'), message: `${one}.it.k: expected "a" or "b", got "c"` },
    { title: "no variant", files: example('{ k: "a" } | { k: "b" }', "«{}»"), message: `${one}.it: expected the field k, got an object` },
    { title: "a text in place of named examples", files: shop({ examples: '"order.placed": «"one"»' }), message: "order.placed.examples: expected an object of named examples" },
  ],
  HW052: [{ title: "a misspelt event", files: shop({ examples: `${plainExample}, «"order.payed"»: {}` }), message: "there is no event type order.payed" }],
  HW060: [
    {
      title: "a table with gaps",
      files: contract({ outcomes: 'outcomes: «[{ on: ["2xx", "4xx", 301], then: "deliver" }, { on: "5xx", then: "retry" }, { on: "timeout", then: "retry" }]»' }),
      message: "shop: no rule covers 3xx, network_error, address_blocked",
    },
  ],
  HW061: [
    { title: "a timestamp that is signed and not sent", files: contract({ headers: 'headers: { "webhook-id": "event.id", "webhook-signature": "signature" }', signature: signature('"event.id", «"timestamp"», "body"') }), message: "shop: timestamp is signed, and no header carries it" },
    { title: "a delivery that is signed and not sent", files: contract({ signature: signature('«"delivery.id"», "body"') }), message: "shop: delivery.id is signed, and no header carries it" },
    { title: "an event that is signed and not sent", files: contract({ headers: 'headers: { "webhook-signature": "signature" }', envelope: envelope('id: { from: "event.id", doc: "" },'), signature: signature('«"event.id"», "body"') }), message: "shop: event.id is signed, and no header carries it" },
  ],
  HW062: [
    { title: "headers without signature", files: contract({ headers: 'headers: «{ "webhook-id": "event.id", "webhook-timestamp": "timestamp" }»' }), message: "shop: no header carries the signature" },
  ],
  HW063: [
    { title: "no data", files: contract({ envelope: 'envelope: «{ type: { from: "event.type", doc: "" } }»' }), message: "shop: no field of the envelope is from data" },
    { title: "no type", files: contract({ envelope: 'envelope: «{ data: { from: "data", doc: "" } }»' }), message: "shop: no field of the envelope is from event.type" },
    { title: "data twice", files: contract({ envelope: envelope('«more»: { from: "data", doc: "" },') }), message: "shop: a second field of the envelope is from data" },
    { title: "no id", files: contract({ headers: 'headers: { "webhook-timestamp": "timestamp", "webhook-signature": "signature" }', signature: signature('"timestamp", "body"'), envelope: `envelope: «${envelope("").slice(10)}»` }), message: "shop: the event's id is in neither envelope nor headers" },
  ],
};
