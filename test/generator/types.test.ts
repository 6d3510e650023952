import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { Static, TSchema } from "@sinclair/typebox";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { EnvelopeField } from "../../catalog/contract.ts";
import type { EventType } from "../../runtime/contracts/wire-contract.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import type { Emitters } from "../../runtime/generated/catalog.ts";
import type { EventMap as AuthnEventMap } from "../../sdks/typescript/src/contracts/authn.ts";
import { fixtures as authnFixtures } from "../../sdks/typescript/src/contracts/authn.fixtures.ts";
import { contract as authnContract } from "../../sdks/typescript/src/contracts/authn.ts";
import type { EventMap as HookwrightEventMap } from "../../sdks/typescript/src/contracts/hookwright.ts";
import { fixtures as hookwrightFixtures } from "../../sdks/typescript/src/contracts/hookwright.fixtures.ts";
import { contract as hookwrightContract } from "../../sdks/typescript/src/contracts/hookwright.ts";
import type { EventMap as StechEventMap } from "../../sdks/typescript/src/contracts/stech.ts";
import { fixtures as stechFixtures } from "../../sdks/typescript/src/contracts/stech.fixtures.ts";
import { contract as stechContract } from "../../sdks/typescript/src/contracts/stech.ts";

/** What `emit` takes, by event type. */
type Sent<Contract extends keyof typeof catalog & string> = {
  -readonly [
    Type in keyof (typeof catalog)[Contract]["eventTypes"]
  ]: (typeof catalog)[Contract]["eventTypes"][Type] extends {
    schema: infer Schema extends TSchema;
  }
    ? Static<Schema>
    : never;
};

/** What the SDK gives, by event type. */
type Received<EventMap extends Record<keyof EventMap, { data: unknown }>> = {
  [Type in keyof EventMap]: EventMap[Type]["data"];
};

/** Without the literals, as a receiver's enums are open and what is sent is not. */
type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer Item)[]
        ? Widened<Item>[]
        : T extends object
          ? { [Key in keyof T]: Widened<T[Key]> }
          : T;

/** Without the kinds that may come later, which nobody can send. */
type Known<T> = { [Type in keyof T]: Widened<Exclude<T[Type], { kind: "$unknown" }>> };

/** The event types whose sent data a receiver's type would not take. */
type Unreadable<From, To> = { [Type in keyof From & keyof To]: From[Type] extends To[Type] ? never : Type }[keyof From &
  keyof To];

describe("what is sent and what a receiver gets have the same type", () => {
  test("for each event of the product", () => {
    expectTypeOf<keyof Sent<"stech">>().toEqualTypeOf<keyof StechEventMap>();
    expectTypeOf<Known<Sent<"stech">>>().toEqualTypeOf<Known<Received<StechEventMap>>>();
    expectTypeOf<Unreadable<Sent<"stech">, Received<StechEventMap>>>().toBeNever();
  });

  test("for each event of Hookwright's own", () => {
    expectTypeOf<keyof Sent<"hookwright">>().toEqualTypeOf<keyof HookwrightEventMap>();
    expectTypeOf<Known<Sent<"hookwright">>>().toEqualTypeOf<Known<Received<HookwrightEventMap>>>();
    expectTypeOf<Unreadable<Sent<"hookwright">, Received<HookwrightEventMap>>>().toBeNever();
  });

  test("a field that is missing, optional or of another type would be found", () => {
    type Changed<Field> = Omit<Sent<"stech">, "deployment.failed"> & { "deployment.failed": Field };
    type Failed = Sent<"stech">["deployment.failed"];
    expectTypeOf<Known<Changed<Omit<Failed, "reason">>>>().not.toEqualTypeOf<Known<Received<StechEventMap>>>();
    expectTypeOf<Unreadable<Changed<Partial<Failed>>, Received<StechEventMap>>>().toEqualTypeOf<"deployment.failed">();
    expectTypeOf<Known<Changed<Failed & { reason: null }>>>().not.toEqualTypeOf<Known<Received<StechEventMap>>>();
  });

  test("for each event of a catalog of resources", () => {
    expectTypeOf<keyof Sent<"authn">>().toEqualTypeOf<keyof AuthnEventMap>();
    expectTypeOf<Known<Sent<"authn">>>().toEqualTypeOf<Known<Received<AuthnEventMap>>>();
    expectTypeOf<Unreadable<Sent<"authn">, Received<AuthnEventMap>>>().toBeNever();
  });

  test("only the product's contracts have an emitter", () => {
    expectTypeOf<keyof Emitters>().toEqualTypeOf<
      "stech" | "authn" | "authnSvix" | "authsignal" | "auth0" | "auth0LogStream"
    >();
  });
});

interface Fixture {
  readonly type: string;
  readonly data: unknown;
}

describe("every fixture of the SDK", () => {
  const all = [
    { fixtures: stechFixtures, wire: catalog.stech, contract: stechContract },
    { fixtures: authnFixtures, wire: catalog.authn, contract: authnContract },
    { fixtures: hookwrightFixtures, wire: catalog.hookwright, contract: hookwrightContract },
  ].flatMap(({ fixtures, wire, contract }) =>
    Object.entries<Readonly<Record<string, Fixture>>>(fixtures).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, event]) => ({ type, name, event, wire, contract })),
    ),
  );

  test.each(all)("$type, $name: could be emitted", ({ type, event, wire, contract }) => {
    const eventType = new Map<string, EventType>(Object.entries(wire.eventTypes)).get(type);
    if (eventType === undefined) throw new Error(`There is no ${type}.`);
    expect([...TypeCompiler.Compile(eventType.schema).Errors(event.data)]).toEqual([]);
    const { envelope } = wire.declaration;
    const fields = Object.entries<EnvelopeField>(envelope).filter(
      ([, field]) => !("from" in field && field.from === "meta") || eventType.meta !== null,
    );
    // An event that comes out of `verify` has the id that a header carried as well.
    const carried = contract.eventId?.in === "header" ? [contract.eventId.as] : [];
    expect(Object.keys(event)).toEqual([...carried, ...fields.map(([key]) => key)]);
    expect(event.type).toBe(type);
  });

  test("stands for an event type that the SDK knows, and each has one", () => {
    for (const { contract } of all) {
      const types = all.filter((each) => each.contract === contract).map((each) => each.type);
      expect([...new Set(types)]).toEqual(Object.keys(contract.events));
    }
  });
});
