import type { en } from "./en.ts";

/** Every text of the page. English is the table; a language that lacks one does not compile. */
export type Texts = {
  readonly [Name in keyof typeof en]: (typeof en)[Name] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : string;
};
