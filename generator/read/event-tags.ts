/** What the tags of an event type say. */
import type { ts } from "ts-morph";
import type { EventType } from "../model.ts";
import { tagsOf } from "./docs.ts";
import type { Report } from "./report.ts";

export type EventTags = Pick<EventType, "title" | "level" | "since">;

const tags = {
  title: { form: /./, expected: "a name" },
  level: { form: /^[0-4]$/, expected: "a digit from 0 to 4" },
  since: { form: /^\S+$/, expected: "a version in one word" },
} as const;

/** The tags in the comment of an event type; `name` and `node` are the type's own, for messages. */
export function readEventTags(
  member: ts.TypeElement,
  { name, node }: { readonly name: string; readonly node: ts.Node },
  report: Report,
): EventTags {
  const written = tagsOf(member);
  const textOf = (tag: keyof typeof tags): string | null => {
    const { form, expected } = tags[tag];
    const [text, ...others] = written.get(tag) ?? [];
    if (text === undefined) return null;
    if (form.test(text) && others.length === 0) return text;
    const got = others.length > 0 ? "several" : text === "" ? "nothing" : text.slice(0, 40);
    const message = `${name}: @${tag}: expected ${expected}, got ${got}`;
    report({ code: "HW045", at: node, message, remedy: `write ${expected} behind one @${tag}` });
    return null;
  };
  const level = textOf("level");
  return { title: textOf("title"), level: level === null ? null : Number(level), since: textOf("since") };
}
