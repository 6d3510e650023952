import { effect } from "@preact/signals";
import { session, signIn } from "./session.ts";
import { token } from "./token.ts";
import { theme, type Theme } from "./theme.ts";

/**
 * What a page that shows this one in a frame is told, and may say. It hears `hookwright:height` and `hookwright:expired`;
 * it may send `hookwright:token` with a new one and `hookwright:theme`. Only the frame's own parent is listened to. No
 * message that leaves has anything secret in it, so it may go to any origin: `frame-ancestors` says whose page that is.
 */
export function openFrame(): void {
  if (parent === window) return;
  document.documentElement.dataset["framed"] = "";
  const tell = (type: string, more: object = {}) => parent.postMessage({ type: `hookwright:${type}`, ...more }, "*");
  new ResizeObserver(() => tell("height", { height: document.documentElement.scrollHeight })).observe(document.body);
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    const expiresAt = session.value?.expiresAt ?? null;
    if (expiresAt !== null) timer = setTimeout(() => tell("expired"), Math.max(0, Date.parse(expiresAt) - Date.now()));
  });
  addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent || typeof data !== "object" || data === null) return;
    const [type, value]: unknown[] = [Reflect.get(data, "type"), Reflect.get(data, "value")];
    if (type === "hookwright:token" && typeof value === "string" && value !== token.peek()) {
      session.value = null;
      signIn(value);
    }
    if (type === "hookwright:theme" && isTheme(value)) theme.value = value;
  });
}

const isTheme = (value: unknown): value is Theme => value === "system" || value === "light" || value === "dark";
