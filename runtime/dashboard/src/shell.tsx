import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { answerOf, api } from "./api.ts";
import { countdown, zone } from "./format.ts";
import { isPaused } from "./load.ts";
import { addressOf, go, place } from "./router.ts";
import { session, signOut } from "./session.ts";
import { languages, language, speak, texts, type Language } from "./texts/texts.ts";
import { theme, type Theme } from "./theme.ts";

/** What stands around every screen. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const t = texts();
  useTitle();
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => (event.preventDefault(), document.querySelector<HTMLElement>("main h1")?.focus())}
      >
        {t.skip}
      </a>
      <header>
        <a class="brand" href={addressOf(session.value?.tenant ?? null, [])}>
          <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M10 6v12a6 6 0 0 0 12 0v-4m-4 4 4-4 4 4" />
          </svg>
          Hookwright
        </a>
        {session.value?.kind === "operator" ? <TenantChoice /> : <bdi class="tenant">{session.value?.tenant}</bdi>}
        <span class="spring" />
        <Expiry />
        <button
          type="button"
          class="small"
          aria-pressed={isPaused.value}
          onClick={() => (isPaused.value = !isPaused.value)}
        >
          {isPaused.value ? t.resumeLive : t.pauseLive}
        </button>
      </header>
      <Navigation />
      <main id="main">{children}</main>
      <footer>
        <Choice
          label={t.theme}
          value={theme.value}
          options={{ system: t.themeSystem, light: t.themeLight, dark: t.themeDark }}
          onChange={(value) => (theme.value = value as Theme)}
        />
        <Choice
          label={t.zone}
          value={zone.value}
          options={{ local: t.zoneLocal, UTC: "UTC" }}
          onChange={(value) => (zone.value = value === "UTC" ? "UTC" : "local")}
        />
        <Choice
          label={t.language}
          value={language.value}
          options={languages}
          onChange={(value) => void speak(value as Language)}
        />
        <span class="spring" />
        <button type="button" class="small" onClick={signOut}>
          {t.signOut}
        </button>
      </footer>
    </div>
  );
}

/** The page is called what its heading says, once that has come. */
function useTitle(): void {
  useEffect(() => {
    const name = () => {
      const heading = document.querySelector("main h1")?.textContent ?? "";
      const title = heading === "" ? "Hookwright" : `${heading} · Hookwright`;
      if (document.title !== title) document.title = title;
    };
    const watch = new MutationObserver(name);
    watch.observe(document.body, { childList: true, subtree: true, characterData: true });
    name();
    return () => watch.disconnect();
  }, []);
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label class="choice">
      {props.label}
      <select value={props.value} onChange={({ currentTarget }) => props.onChange(currentTarget.value)}>
        {Object.entries(props.options).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Sections that the key reaches; the API decides, and this only shows no doors that are locked. */
function Navigation() {
  const t = texts();
  const { tenant, path } = place.value;
  // Events are come to from deliveries.
  const section = path[0] === "events" ? "deliveries" : (path[0] ?? "");
  const { kind = "portal", canChange = false } = session.value ?? {};
  const all: readonly (readonly [string, string, boolean])[] = [
    ["", t.overview, true],
    ["endpoints", t.endpoints, true],
    ["deliveries", t.deliveries, true],
    ["event-types", t.catalog, true],
    ["streams", t.streams, tenant !== null && kind !== "portal"],
    ["actions", t.actions, tenant !== null && kind !== "portal"],
    ["audit", t.audit, tenant !== null && kind !== "portal" && canChange],
    ["keys", t.keys, tenant !== null && kind !== "portal" && canChange],
  ];
  return (
    <nav aria-label={t.navigation}>
      <ul>
        {all
          .filter(([, , isShown]) => isShown)
          .map(([name, label]) => (
            <li key={name}>
              <a
                href={addressOf(tenant, name === "" ? [] : [name])}
                aria-current={section === name ? "page" : undefined}
              >
                {label}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** Any tenant by its name, with the first ones to choose from. */
function TenantChoice() {
  const t = texts();
  const { tenant } = place.value;
  const [name, setName] = useState(tenant ?? "");
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => setName(tenant ?? ""), [tenant]);
  const look = () => {
    if (known.length === 0)
      void answerOf(api.GET("/v1/tenants", { params: { query: { limit: 200 } } })).then(
        ({ tenants }) => setKnown(tenants),
        () => undefined,
      );
  };
  const open = (event: Event) => {
    event.preventDefault();
    const chosen = name.trim();
    const section = place.peek().path[0];
    go(addressOf(chosen === "" ? null : chosen, section === undefined ? [] : [section]));
  };
  return (
    <form class="tenant" onSubmit={open}>
      <input
        aria-label={t.tenant}
        placeholder={t.allTenants}
        list="tenants"
        value={name}
        onFocus={look}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <datalist id="tenants">
        {known.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <button type="submit" class="small">
        {t.openTenant}
      </button>
    </form>
  );
}

/** Counts down to the end of a token that ends soon. */
function Expiry() {
  const expiresAt = session.value?.expiresAt ?? null;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (expiresAt === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [expiresAt]);
  useEffect(() => {
    if (expiresAt !== null && now >= Date.parse(expiresAt)) signOut();
  }, [expiresAt, now]);
  if (expiresAt === null || Date.parse(expiresAt) - now > 2 * 3_600_000) return null;
  return <span class="fine">{texts().expiresIn(countdown(expiresAt, now))}</span>;
}
