/**
 * One rule by which things that would have the same name in a language get distinct ones. The first in the order of the
 * catalog has the plain name. A later one has, of these, the first that is free: its text with what parts its words
 * spelled out (`host_dash_fqdn`); of a type, with what it is behind it (`EventData`); where the two differ by case
 * alone, the text with its case (`asc_upper`); and the plain name with a number. A name depends on nothing that comes
 * after it, so to add something at the end renames nothing.
 */
import { spelled } from "./spelling.ts";

/** Names that have been given, with the text that each was made of; null for those of the language and the SDK. */
export type Taken = Map<string, string | null>;

/** A text of letters, digits and what parts words, in the case of the language: the name that it gives. */
export type NameOf = (text: string) => string;

export interface NameRule {
  readonly nameOf: NameOf;
  readonly taken: Taken;
  /** Stands behind the name of a type that is taken, `data`. Left out: the thing is no type. */
  readonly suffix?: string;
  /** Further names that a thing with this name has. */
  readonly besides?: (name: string) => readonly string[];
}

export function takenBy(names: Iterable<string>): Taken {
  return new Map([...names].map((name) => [name, null]));
}

/** A text that gives a free name, `asc upper`, for a thing that is called this; `taken` gets its names. */
export function distinctText(text: string, rule: NameRule): string {
  const { nameOf, taken } = rule;
  const found = firstOf(candidates(text, rule), (candidate) => isFree(nameOf(candidate), rule)) ?? text;
  for (const name of namesOf(nameOf(found), rule)) taken.set(name, text);
  return found;
}

function firstOf(texts: Iterable<string>, fits: (text: string) => boolean): string | undefined {
  for (const text of texts) if (fits(text)) return text;
  return undefined;
}

/** Whether the thing would have its plain name. */
export function hasPlainName(text: string, rule: NameRule): boolean {
  return isFree(rule.nameOf(spelled(text)), rule);
}

function isFree(name: string, rule: NameRule): boolean {
  return isIdentifier(name) && namesOf(name, rule).every((each) => !rule.taken.has(each));
}

function namesOf(name: string, { besides }: NameRule): readonly string[] {
  return [name, ...(besides?.(name) ?? [])];
}

// More than one payload could have.
const numberMax = 10_000;

function* candidates(text: string, { nameOf, taken, suffix }: NameRule): Iterable<string> {
  const [plain, exact] = [spelled(text), spelled(text, "exact")];
  yield plain;
  yield exact;
  const other = taken.get(nameOf(plain)) ?? text;
  if (other !== text && other.toLowerCase() === text.toLowerCase()) yield `${exact} ${caseOf(text)}`;
  const stem = suffix === undefined ? plain : `${plain} ${suffix}`;
  if (suffix !== undefined) yield stem;
  for (let number = 2; number < numberMax; number += 1) yield `${stem} ${number}`;
}

function isIdentifier(name: string): boolean {
  return /^_*[A-Za-z0-9][A-Za-z0-9_]*$/.test(name) && !/^[0-9]/.test(name);
}

function caseOf(text: string): string {
  const letters = text.replaceAll(/[^\p{L}]/gu, "");
  if (letters === letters.toLowerCase()) return "lower";
  if (letters === letters.toUpperCase()) return "upper";
  return /^\p{Lu}/u.test(letters) ? "pascal" : "camel";
}
