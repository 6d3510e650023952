import { InvalidArgumentError } from "commander";
import type { QuestionSettings } from "../asker.ts";
import type { Payload } from "../contracts/event-data.ts";

/** A value to put at a place in what an event says. */
export interface PathSetting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Reads `agentName=support`, `usage.input=12`, `data.members.0="a"` or `meta.ip=null`: a path as error messages have it,
 * its first part `data` unless it is said, and JSON. What is no JSON is text.
 */
export function parseSetting(text: string, before: readonly PathSetting[] = []): readonly PathSetting[] {
  const at = text.indexOf("=");
  const path = text
    .slice(0, Math.max(at, 0))
    .split(/\.|\[(\d+)\]\.?/)
    .filter(Boolean);
  if (path.length === 0) throw new InvalidArgumentError("Expected path=value, such as agentName=support.");
  const whole = path[0] === "data" || path[0] === "meta" ? path : ["data", ...path];
  return [...before, { path: whole, value: jsonOrText(text.slice(at + 1)) }];
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A copy with the value at its place; objects on the way there are made when they are missing. */
export function setPath(payload: Payload, { path, value }: PathSetting): Payload {
  return { ...payload, ...Object(placed(payload, path, value)) };
}

function placed(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    const index = /^\d{1,4}$/.test(key) ? Number(key) : target.length;
    return Object.assign([...target], { [index]: placed(target[index], rest, value) });
  }
  const before = typeof target === "object" && target !== null ? target : {};
  return { ...before, [key]: placed(Reflect.get(before, key), rest, value) };
}

/** Reads `roles_action_override=true` or `roles=["admin"]` into the settings that a question is asked with. */
export function parseQuestionSetting(text: string, before: QuestionSettings = {}): QuestionSettings {
  const at = text.indexOf("=");
  const value = jsonOrText(text.slice(at + 1));
  const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
  if (at > 0 && (typeof value === "boolean" || isList)) return { ...before, [text.slice(0, at)]: value };
  throw new InvalidArgumentError('Expected name=true, name=false or name=["…"], such as roles=["admin"].');
}
