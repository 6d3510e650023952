/** How a text of any script and with any signs is put into letters and digits, of which names are made. */

/** `plain` leaves out what only parts words: `in-progress`. `exact` spells that as well: `in dash progress`. */
export type Spelling = "plain" | "exact";

/** The text in ASCII letters, digits and what parts words; never without a letter or a digit. */
export function spelled(text: string, spelling: Spelling = "plain"): string {
  // Most texts: one test, since every name is spelled at every run.
  if (spelling === "plain" && /^[A-Za-z0-9][\w./:, ]*$/.test(text)) return text;
  if (text === "") return "empty";
  const characters = [...text.normalize("NFC")];
  const words = characters.map((character, index) => spelledCharacter(character, { characters, index, spelling }));
  const plain = words.join("");
  if (/[A-Za-z0-9]/.test(plain)) return plain.trim().replaceAll(/ {2,}/g, " ");
  return spelling === "exact" ? codeOf(text).trim() : spelled(text, "exact");
}

interface Place {
  readonly characters: readonly string[];
  readonly index: number;
  readonly spelling: Spelling;
}

function spelledCharacter(character: string, { characters, index, spelling }: Place): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  if (character === "-" && isSign(characters, index)) return " minus ";
  const word = signs.get(character);
  if (word !== undefined) return ` ${word} `;
  const separator = separators.get(character);
  if (separator !== undefined) return spelling === "plain" ? character : ` ${separator} `;
  if (spelling === "exact") return codeOf(character);
  // An accent, a joiner or a selector of how a character is drawn.
  if (/^[\p{M}\p{Cf}]$/u.test(character)) return "";
  const base = character.normalize("NFD").replaceAll(/\p{M}/gu, "");
  return /^[A-Za-z]+$/.test(base) ? base : codeOf(character);
}

/** Before a digit, at the beginning or behind another sign: `-1`, `<-1`. */
function isSign(characters: readonly string[], index: number): boolean {
  return /[0-9]/.test(characters[index + 1] ?? "") && !/[\p{L}\p{N}_.]/u.test(characters[index - 1] ?? "");
}

function codeOf(text: string): string {
  const codes = [...text].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0"));
  return ` ${codes.map((code) => `u${code}`).join(" ")} `;
}

const separators: ReadonlyMap<string, string> = new Map([
  [" ", "space"],
  ["_", "underscore"],
  ["-", "dash"],
  [".", "dot"],
  ["/", "slash"],
  [":", "colon"],
  [",", "comma"],
]);

/** Signs that say something, with the word for each; a character that is neither here nor a letter has its number. */
const signs: ReadonlyMap<string, string> = new Map([
  ["+", "plus"],
  ["=", "equal"],
  ["!", "not"],
  ["<", "less"],
  [">", "greater"],
  ["*", "star"],
  ["%", "percent"],
  ["&", "and"],
  ["|", "or"],
  ["#", "hash"],
  ["@", "at"],
  ["$", "dollar"],
  ["€", "euro"],
  ["£", "pound"],
  ["¥", "yen"],
  ["^", "caret"],
  ["~", "tilde"],
  ["?", "question"],
  [";", "semicolon"],
  ["\\", "backslash"],
  ["'", "quote"],
  ['"', "double quote"],
  ["`", "backtick"],
  ["(", "open paren"],
  [")", "close paren"],
  ["[", "open bracket"],
  ["]", "close bracket"],
  ["{", "open brace"],
  ["}", "close brace"],
  ["°", "degree"],
  ["µ", "micro"],
  ["μ", "mu"],
  ["Ω", "ohm"],
  ["×", "times"],
  ["÷", "divided"],
  ["±", "plus minus"],
  ["≠", "unequal"],
  ["≤", "at most"],
  ["≥", "at least"],
  ["\t", "tab"],
  ["\n", "line feed"],
  ["\r", "carriage return"],
]);
