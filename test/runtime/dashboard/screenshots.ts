/**
 * Writes a picture of every screen, light and dark, wide and narrow, to `data/screenshots`.
 *
 *     npm run screenshots
 *     npm run screenshots -- deliveries event     these alone
 *     npm run screenshots -- --pictures           the README's, to `runtime/dashboard/pictures`
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, openPage, signedIn } from "./browser.ts";
import { openStage, operatorKey } from "./stage.ts";

const folder = join(import.meta.dirname, "../../../data/screenshots");
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), "hookwright-shots-"));
const stage = await openStage(join(data, "hookwright.db"));
const browser = await openBrowser();
const { deliveries } = await stage.call("GET", "/v1/orgs/acme/deliveries?state=failed&limit=1");
const [failed] = deliveries;
const screens: Readonly<Record<string, string>> = {
  overview: "/ui",
  "overview-tenant": "/ui/orgs/acme",
  endpoints: "/ui/orgs/acme/endpoints",
  "endpoints-all": "/ui/endpoints",
  endpoint: `/ui/orgs/acme/endpoints/${failed?.endpointId}`,
  "endpoint-settings": `/ui/orgs/acme/endpoints/${failed?.endpointId}?tab=settings`,
  "endpoint-test": `/ui/orgs/acme/endpoints/${failed?.endpointId}?tab=test`,
  "endpoint-history": `/ui/orgs/acme/endpoints/${failed?.endpointId}?tab=history`,
  "endpoint-recover": `/ui/orgs/acme/endpoints/${failed?.endpointId}?tab=recover`,
  "endpoint-new": "/ui/orgs/acme/endpoints/new",
  deliveries: "/ui/orgs/acme/deliveries",
  "deliveries-none": "/ui/orgs/acme/deliveries?text=nothing-has-this",
  delivery: `/ui/orgs/acme/deliveries/${failed?.endpointId}/${failed?.id}`,
  event: `/ui/orgs/acme/events/${failed?.eventId}`,
  catalog: "/ui/orgs/acme/event-types",
  "event-type": "/ui/orgs/acme/event-types/stech/deployment.failed",
  streams: "/ui/orgs/acme/streams",
  actions: "/ui/orgs/acme/actions",
  audit: "/ui/orgs/acme/audit",
  keys: "/ui/orgs/acme/keys",
  nowhere: "/ui/orgs/acme/endpoints/unknown",
  empty: "/ui/orgs/nobody/endpoints",
};
const [first = "", ...others] = process.argv.slice(2);
const only = first === "" ? [] : [first, ...others];
if (first === "--pictures") await pictures();
else await everyLook();
await browser.close();
await stage.close();
rmSync(data, { recursive: true });

async function pictures(): Promise<void> {
  const pictured = { overview: "light", delivery: "light", event: "dark" } as const;
  for (const [name, colorScheme] of Object.entries(pictured)) {
    const { page, context } = await openPage(browser, stage.address, {
      colorScheme,
      viewport: { width: 1120, height: 760 },
    });
    await signedIn(page, `${stage.address}${screens[name]}`, operatorKey);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(import.meta.dirname, `../../../runtime/dashboard/pictures/${name}.png`) });
    await context.close();
  }
}

async function everyLook(): Promise<void> {
  for (const [look, options] of Object.entries({
    "light-wide": { colorScheme: "light" as const, viewport: { width: 1280, height: 860 } },
    "dark-wide": { colorScheme: "dark" as const, viewport: { width: 1280, height: 860 } },
    "light-narrow": { colorScheme: "light" as const, viewport: { width: 360, height: 740 } },
    "dark-narrow": { colorScheme: "dark" as const, viewport: { width: 360, height: 740 } },
  })) {
    const { page, context } = await openPage(browser, stage.address, options);
    await page.goto(`${stage.address}/ui`);
    await page.screenshot({ path: join(folder, `sign-in-${look}.png`) });
    await signedIn(page, `${stage.address}/ui/`, operatorKey);
    for (const [name, path] of Object.entries(screens)) {
      if (only.length > 0 && !only.includes(name)) continue;
      await page.goto(`${stage.address}${path}`);
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
    }
    await context.close();
  }
  console.log(`Written to ${folder}`);
}
