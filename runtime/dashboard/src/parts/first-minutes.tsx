import { addressOf, place } from "../router.ts";
import { session } from "../session.ts";
import { texts } from "../texts/texts.ts";
import { Code } from "./copy.tsx";
import { Empty } from "./states.tsx";

/** An empty installation says what to do next, with commands that work as they stand. */
export function FirstMinutes() {
  const t = texts();
  const { tenant } = place.value;
  const { kind, canChange } = session.value ?? {};
  return (
    <Empty title={t.noEndpoints}>
      <p>{kind === "portal" ? t.noEndpointsPortal : t.noEndpointsNext}</p>
      {tenant !== null && canChange === true && (
        <p>
          <a class="button primary" href={addressOf(tenant, ["endpoints", "new"])}>
            {t.addEndpoint}
          </a>
        </p>
      )}
      {kind !== "portal" && (
        <Code
          text={`curl -fsSL ${location.origin}/v1/orgs/${tenant ?? "acme"}/webhook-endpoints \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{ "url": "https://hooks.acme.example/in", "events": ["*"] }'`}
        />
      )}
    </Empty>
  );
}
