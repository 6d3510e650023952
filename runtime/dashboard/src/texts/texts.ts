import { signal } from "@preact/signals";
import { en } from "./en.ts";
import type { Texts } from "./table.ts";

export type { Texts };
export type Language = "en" | "de";

export const languages: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };
export const language = signal<Language>("en");
const table = signal<Texts>(en);

export const texts = (): Texts => table.value;

const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import("./de.ts")).de,
};

export async function speak(chosen: Language): Promise<void> {
  table.value = await loaders[chosen]();
  language.value = chosen;
  document.documentElement.lang = chosen;
}

/** In the reader's first language that there is. */
export async function openTexts(): Promise<void> {
  const wanted = navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in loaders);
  await speak(wanted === "de" ? "de" : "en");
}
