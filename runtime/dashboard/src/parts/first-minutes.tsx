import { texts } from "../texts/texts.ts";
import { Code } from "./copy.tsx";
import { Empty } from "./states.tsx";

/** An empty installation says what to do next, with commands that work as they stand. */
export function FirstMinutes() {
  const t = texts();
  return (
    <Empty title={t.noEndpoints}>
      <p>{t.noEndpointsNext}</p>
      <Code
        text={`curl -fsSL ${location.origin}/v1/orgs/acme/webhook-endpoints \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{ "url": "https://hooks.acme.example/in", "events": ["*"] }'`}
      />
    </Empty>
  );
}
