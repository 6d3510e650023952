import { Type } from "@sinclair/typebox";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDateTime, utcTime, withUtcTimes } from "../../../runtime/contracts/formats.ts";

describe("a time", () => {
  test.each([
    ["2026-05-08T14:02:11Z", "2026-05-08T14:02:11.000Z"],
    ["2026-05-08t14:02:11z", "2026-05-08T14:02:11.000Z"],
    ["2026-05-08T14:02:11.4Z", "2026-05-08T14:02:11.400Z"],
    ["2026-05-08T14:02:11.482999999Z", "2026-05-08T14:02:11.482Z"],
    ["2026-05-08T14:02:11.482+00:00", "2026-05-08T14:02:11.482Z"],
    ["2026-05-08T14:02:11-00:00", "2026-05-08T14:02:11.000Z"],
    ["2026-05-08T16:02:11+02:00", "2026-05-08T14:02:11.000Z"],
    ["2026-05-08T00:30:00+05:45", "2026-05-07T18:45:00.000Z"],
    ["2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000Z"],
    ["1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"],
    ["1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, utc) => {
    expect(utcTime(text)).toBe(utc);
  });

  test.each([
    "2026-05-08",
    "2026-05-08T14:02Z",
    "2026-05-08T14:02:11",
    "2026-05-08 14:02:11Z",
    "2026-05-08T14:02:11.Z",
    "2026-05-08T14:02:11,5Z",
    "2026-05-08T14:02:11+0200",
    "2026-05-08T14:02:11+24:00",
    "2026-05-08T14:02:11+02:60",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-05-08T24:00:00Z",
    "2026-05-08T14:60:00Z",
    "2026-05-08T14:02:60Z",
    "2026-05-08T14:02:61Z",
    "0000-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "+002026-05-08T14:02:11Z",
    " 2026-05-08T14:02:11Z",
    "2026-05-08T14:02:11Z\n",
    "yesterday",
    "",
  ])("%j is none", (text) => {
    expect(utcTime(text)).toBeNull();
  });

  test("is the same instant at every offset, and as it is kept it stays", () => {
    const instants = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9998-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    const offsets = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
    const two = (value: number) => String(value).padStart(2, "0");
    fc.assert(
      fc.property(instants, offsets, (instant, offset) => {
        const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const minutes = Math.abs(offset);
        const text = `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
        const utc = utcTime(text) ?? "";
        expect([utc, isDateTime(utc), utcTime(utc)]).toEqual([instant.toISOString(), true, utc]);
      }),
    );
  });
});

test("times are brought to UTC where the schema has one, and nothing else is touched", () => {
  const time = Type.String({ format: "date-time" });
  const schema = Type.Object({
    at: time,
    maybe: Type.Optional(Type.Union([time, Type.Null()])),
    list: Type.Array(Type.Object({ at: time })),
    byName: Type.Record(Type.String(), time),
    text: Type.String(),
    any: Type.Unknown(),
  });
  const [given, utc] = ["2026-05-08T16:02:11+02:00", "2026-05-08T14:02:11.000Z"];
  const any = new Date(0);
  const value = { at: given, maybe: given, list: [{ at: given }], byName: { a: given }, text: given, any, more: given };
  const expected = { at: utc, maybe: utc, list: [{ at: utc }], byName: { a: utc }, text: given, any, more: given };
  expect(withUtcTimes(schema, value)).toEqual(expected);
  expect(value.at).toBe(given);
  expect(withUtcTimes(schema, { at: "noon", maybe: null, list: "none" })).toEqual({
    at: "noon",
    maybe: null,
    list: "none",
  });
});
