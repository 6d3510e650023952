import { HookwrightError } from "../errors.ts";

/** Opaque to callers, so that it can come to hold more than a position. */
export function writeCursor(position: number): string {
  return Buffer.from(`p${position}`).toString("base64url");
}

export function readCursor(cursor: string): number {
  const position = /^p(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"))?.[1];
  if (position !== undefined && writeCursor(Number(position)) === cursor) return Number(position);
  throw new HookwrightError("invalid_request", "cursor: expected the nextCursor of an earlier page, got other text.", {
    path: "cursor",
  });
}
