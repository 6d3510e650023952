import { signal } from "@preact/signals";
import type { components } from "./api-types.ts";
import type { Answer } from "./api.ts";
import { token } from "./token.ts";

/** Kept for this tab alone; where a frame has no storage, in memory. Never in an address that is sent anywhere. */
const storageName = "hookwright-token";

/** Whose key it is. Null: not known yet. */
export const session = signal<Answer<"/v1/session"> | null>(null);

/** Takes the token from the address's fragment, which no server sees, and removes it there at once. */
export function openSession(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  token.value = given ?? stored();
  if (given !== null) store(given);
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
