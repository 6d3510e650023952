import { spelled } from "./spelling.ts";

/** Names that a language or a generated file has for something else, by what they are used for. */
export type Reserved = ReadonlyMap<string, string>;

/** `agent_run.completed` to `AgentRunCompleted`. What is in Pascal case already stays as it is. */
export function pascalCase(text: string): string {
  const name = words(text).map(upperFirst).join("");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** `agent_run.completed` to `agentRunCompleted`. */
export function camelCase(text: string): string {
  const name = pascalCase(text);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function words(text: string): readonly string[] {
  return spelled(text)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Hands out each name once. */
export interface NameSpace {
  /**
   * The name, for what `owner` describes. Throws when it is not an identifier, reserved, or taken by something else:
   * renaming it silently would make names depend on what else the catalog has.
   */
  readonly claim: (name: string, owner: string) => string;
}

export function nameSpace(place: string, reserved: Reserved): NameSpace {
  const owners = new Map<string, string>(reserved);
  return {
    claim(name, owner) {
      if (!isIdentifier(name)) throw new Error(`${place}: ${owner} has no name that is an identifier; got "${name}".`);
      const other = owners.get(name);
      if (other !== undefined) throw new Error(collision({ place, name, first: other, second: owner }));
      owners.set(name, owner);
      return name;
    },
  };
}

function collision(found: { place: string; name: string; first: string; second: string }): string {
  const { place, name, first, second } = found;
  return `${place}: two things are called ${name}: ${first} and ${second}. Rename one of them in the catalog.`;
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && !typescriptWords.has(name);
}

/** What cannot name a value or a type in TypeScript: its keywords (ECMA-262 §12.7.2) and its own types. */
const typescriptWords: ReadonlySet<string> = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
function if implements import in instanceof interface let new null package private protected public return static super
switch this throw true try typeof var void while with yield any bigint boolean never number object string symbol
undefined unknown`.split(/\s/),
);

/** Types of the language that a generated file uses by name, or that a reader would take for the language's own. */
export const typescriptGlobals: readonly string[] =
  "Array Boolean Date Error Function Map Number Object Promise Record Set String Symbol".split(" ");
