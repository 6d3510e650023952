import { computed, signal } from "@preact/signals";

/** Where the page is: everything that is shown follows from its address, so that it can be sent to a colleague. */
export interface Place {
  /** `/ui` or `/portal`. */
  readonly face: "/ui" | "/portal";
  /** Null: all tenants. */
  readonly tenant: string | null;
  /** What comes after, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const address = signal(location.pathname + location.search);

export const place = computed((): Place => read(address.value));

function read(text: string): Place {
  const { pathname, searchParams } = new URL(text, location.origin);
  const [face, ...parts] = pathname.split("/").filter(Boolean).map(decoded);
  const isOfTenant = parts[0] === "orgs" && parts[1] !== undefined;
  return {
    face: face === "portal" ? "/portal" : "/ui",
    tenant: isOfTenant ? (parts[1] ?? null) : null,
    path: isOfTenant ? parts.slice(2) : parts,
    query: searchParams,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address of this page. */
export function addressOf(
  tenant: string | null,
  path: readonly string[],
  query: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const parts = [...(tenant === null ? [] : ["orgs", tenant]), ...path].map(encodeURIComponent);
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(given).toString();
  return [[place.peek().face, ...parts].join("/"), search].filter(Boolean).join("?");
}

export function go(to: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  address.value = location.pathname + location.search;
}

/** Changes filters and stays where it is. */
export function setQuery(changes: Readonly<Record<string, string | null>>): void {
  const query = new URLSearchParams(place.peek().query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  go(location.pathname + (search === "" ? "" : `?${search}`), "replace");
}

/** Links are plain ones, so that they can be opened in a new tab; a plain click stays in the page. */
export function followLinks(): void {
  addEventListener("popstate", () => (address.value = location.pathname + location.search));
  document.addEventListener("click", (event) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!isPlain || event.defaultPrevented || link === null || link.target !== "" || link.hasAttribute("download"))
      return;
    const href = link.getAttribute("href") ?? "";
    if (!/^\/(ui|portal)(\/|\?|$)/.test(href)) return;
    event.preventDefault();
    go(href);
    scrollTo(0, 0);
    // Once the next screen is there.
    requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus());
  });
}
