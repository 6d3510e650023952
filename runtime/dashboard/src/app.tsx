import { useEffect } from "preact/hooks";
import { answerOf, api } from "./api.ts";
import { useLoad } from "./load.ts";
import { addressOf, go, place, type Place } from "./router.ts";
import { session } from "./session.ts";
import { token } from "./token.ts";
import { Shell } from "./shell.tsx";
import { Empty, Shown } from "./parts/states.tsx";
import { texts } from "./texts/texts.ts";
import { ActionsScreen } from "./screens/actions.tsx";
import { AuditScreen } from "./screens/audit.tsx";
import { CatalogScreen, EventTypeScreen } from "./screens/catalog.tsx";
import { DeliveriesScreen } from "./screens/deliveries.tsx";
import { DeliveryScreen } from "./screens/delivery.tsx";
import { EndpointScreen } from "./screens/endpoint.tsx";
import { NewEndpointScreen } from "./screens/new-endpoint.tsx";
import { AllEndpointsScreen, TenantEndpointsScreen } from "./screens/endpoints.tsx";
import { EventScreen } from "./screens/event.tsx";
import { KeysScreen } from "./screens/keys.tsx";
import { OverviewScreen } from "./screens/overview.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { StreamsScreen } from "./screens/streams.tsx";

export function App() {
  if (token.value === null) return <SignIn />;
  return <SignedIn key={token.value} />;
}

/** Asks first whose key it is, to show no more than it can do. */
function SignedIn() {
  const asked = useLoad("session", (signal) => answerOf(api.GET("/v1/session", { signal })));
  useEffect(() => {
    session.value = asked.value;
  }, [asked.value]);
  const own = asked.value?.tenant ?? null;
  const { tenant, path, query } = place.value;
  useEffect(() => {
    // A tenant's key has no other place.
    if (own !== null && tenant === null) go(addressOf(own, path, Object.fromEntries(query)), "replace");
  }, [own, tenant]);
  if (asked.value === null || session.value === null || (own !== null && tenant === null))
    return (
      <main class="alone">
        <Shown of={asked}>{() => null}</Shown>
      </main>
    );
  return (
    <Shell>
      <Screen key={location.pathname} at={place.value} />
    </Shell>
  );
}

function Screen({ at: { tenant, path } }: { readonly at: Place }) {
  const [name = "", one, two] = path;
  if (name === "") return <OverviewScreen tenant={tenant} />;
  if (name === "deliveries" && two === undefined) return <DeliveriesScreen tenant={tenant} />;
  if (name === "endpoints" && tenant === null) return <AllEndpointsScreen />;
  if (name === "event-types")
    return one === undefined ? <CatalogScreen /> : <EventTypeScreen contract={one} type={two ?? ""} />;
  if (tenant === null) return <Nowhere />;
  if (name === "endpoints") {
    if (one === "new") return <NewEndpointScreen tenant={tenant} />;
    return one === undefined ? <TenantEndpointsScreen tenant={tenant} /> : <EndpointScreen tenant={tenant} id={one} />;
  }
  if (name === "deliveries") return <DeliveryScreen tenant={tenant} endpoint={one ?? ""} id={two ?? ""} />;
  if (name === "events") return <EventScreen tenant={tenant} id={one ?? ""} />;
  if (name === "streams") return <StreamsScreen tenant={tenant} />;
  if (name === "actions") return <ActionsScreen tenant={tenant} />;
  if (name === "audit") return <AuditScreen tenant={tenant} />;
  if (name === "keys") return <KeysScreen tenant={tenant} />;
  return <Nowhere />;
}

function Nowhere() {
  const t = texts();
  return (
    <>
      <h1 tabIndex={-1}>{t.notFound}</h1>
      <Empty title={t.notFoundRemedy}>
        <a href={addressOf(null, [])}>{t.overview}</a>
      </Empty>
    </>
  );
}
