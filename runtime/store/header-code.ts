import { keptBytesMax, type KeptHeaders } from "../contracts/kept-headers.ts";
import { headerNames, headerPairs } from "./header-words.ts";

/*
 * Each header begins with a byte: that of a known header, that of a known name, or 0 before a name that is spelled out.
 * After a name comes its value; texts are UTF-8 behind their length. A date is the seconds from the attempt's start. What a
 * receiver on Node.js answers is 9 bytes so in place of 125, and every delivery writes them to the WAL.
 */

const spelledOut = 0;
/** There were others. */
const cut = 120;
const date = 121;
const firstPair = 128;

const nameCodes = new Map<string, number>(headerNames.map((name, index) => [name, index + 1]));
const pairCodes = new Map<string, number>(headerPairs.map((pair, index) => [pair.join(": "), index + firstPair]));

/** Two lengths of up to three bytes and the first byte, of a header with at least one character. */
const scratch = Buffer.alloc(keptBytesMax * 8);

/** As they are stored; `at` is when the attempt began, in milliseconds since 1970. */
export function encodeHeaders({ fields, isCut }: KeptHeaders, at: number): Uint8Array {
  let end = 0;
  for (const [name, value] of fields) end = writeHeader(end, { name, value, at });
  if (isCut) scratch[end++] = cut;
  return new Uint8Array(scratch.subarray(0, end));
}

function writeHeader(end: number, of: { readonly name: string; readonly value: string; readonly at: number }): number {
  const { name, value, at } = of;
  const seconds = name === "date" ? secondsOf(value) : null;
  if (seconds !== null) {
    scratch[end] = date;
    return writeNumber(end + 1, zigzag(seconds - Math.floor(at / 1000)));
  }
  const pair = pairCodes.get(`${name}: ${value}`);
  if (pair !== undefined) {
    scratch[end] = pair;
    return end + 1;
  }
  const code = nameCodes.get(name) ?? spelledOut;
  scratch[end] = code;
  return writeText(code === spelledOut ? writeText(end + 1, name) : end + 1, value);
}

function writeText(end: number, text: string): number {
  const length = Buffer.byteLength(text);
  const start = writeNumber(end, length);
  return start + scratch.write(text, start, length, "utf8");
}

/** Seven bits a byte, the lowest first. */
function writeNumber(end: number, number: number): number {
  let [place, rest] = [end, number];
  for (; rest >= 128; rest = Math.floor(rest / 128)) scratch[place++] = (rest % 128) + 128;
  scratch[place] = rest;
  return place + 1;
}

const zigzag = (number: number): number => (number < 0 ? -2 * number - 1 : 2 * number);
const unzigzag = (number: number): number => (number % 2 === 0 ? number / 2 : -(number + 1) / 2);

/** All that comes within a second has the same. */
let lastDate: { readonly text: string | null; readonly seconds: number } = { text: null, seconds: 0 };

/** Null for what is not written as RFC 9110 §5.6.7 prefers it, and so could not be told from its seconds again. */
function secondsOf(text: string): number | null {
  if (text === lastDate.text) return lastDate.seconds;
  const time = Date.parse(text);
  if (Number.isNaN(time) || new Date(time).toUTCString() !== text) return null;
  lastDate = { text, seconds: time / 1000 };
  return lastDate.seconds;
}

interface Reader {
  readonly bytes: Uint8Array;
  place: number;
}

/** The headers of a row. What a later version wrote in words that this one does not know is left out, with what follows. */
export function decodeHeaders(bytes: Uint8Array, at: number): KeptHeaders {
  const fields: (readonly [string, string])[] = [];
  const reader: Reader = { bytes, place: 0 };
  while (reader.place < bytes.length) {
    const field = readHeader(reader, at);
    if (field === null) return { fields, isCut: true };
    fields.push(field);
  }
  return { fields, isCut: false };
}

/** Null at the end of what was kept. */
function readHeader(reader: Reader, at: number): readonly [string, string] | null {
  const code = reader.bytes[reader.place++] ?? cut;
  if (code >= firstPair) return headerPairs[code - firstPair] ?? null;
  if (code === date) return ["date", dateText(Math.floor(at / 1000) + unzigzag(readNumber(reader)))];
  const name = code === spelledOut ? readText(reader) : headerNames[code - 1];
  return name === undefined ? null : [name, readText(reader)];
}

const dateText = (seconds: number): string => new Date(seconds * 1000).toUTCString();

function readText(reader: Reader): string {
  const length = readNumber(reader);
  const text = reader.bytes.subarray(reader.place, reader.place + length);
  reader.place += length;
  return new TextDecoder().decode(text);
}

function readNumber(reader: Reader): number {
  let [number, factor] = [0, 1];
  for (;;) {
    const byte = reader.bytes[reader.place++] ?? 0;
    number += (byte % 128) * factor;
    if (byte < 128) return number;
    factor *= 128;
  }
}
