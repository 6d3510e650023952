import { signal } from "@preact/signals";
import type { components } from "./api-types.ts";
import type { Answer } from "./api.ts";
import { token } from "./token.ts";

/** Kept for this tab alone; where a frame has no storage, in memory. Never in an address that is sent anywhere. */
const storageName = "hookwright-token";

/** Whose key it is. Null: not known yet. */
export const session = signal<Answer<"/v1/session"> | null>(null);

/** Begins with the token of the address, or the one that this tab keeps. */
export function openSession(): void {
  token.value = stored();
  takeFragment();
  // A link with another token, opened in the same tab.
  addEventListener("hashchange", takeFragment);
}

/** Takes the token from the address's fragment, which no server sees, and removes it there at once. */
function takeFragment(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  if (given === null || given === token.peek()) return;
  session.value = null;
  signIn(given);
}

export function signIn(key: string): void {
  store(key);
  token.value = key;
}

export function signOut(): void {
  store(null);
  token.value = null;
  session.value = null;
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(storageName);
  } catch {
    return null;
  }
}

function store(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(storageName);
    else sessionStorage.setItem(storageName, key);
  } catch {
    // Then it is kept in memory, until the page is left.
  }
}

export type Endpoint = components["schemas"]["Endpoint"];
export type Redelivery = components["schemas"]["Redelivery"];
