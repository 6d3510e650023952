import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Problem } from "../api.ts";
import { duration } from "../format.ts";
import { useLoad } from "../load.ts";
import { SelectField } from "../parts/fields.tsx";
import { Payload } from "../parts/payload.tsx";
import { Badge, ProblemNote, Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

const route = "/v1/orgs/{tenant}/webhook-endpoints/{id}/test";

interface Result {
  readonly request: { readonly body: string };
  readonly response: {
    readonly delivered: boolean;
    readonly status: number | null;
    readonly error: string | null;
    readonly durationMs: number;
    readonly body: string | null;
  };
}

/** The names of a contract's event types. */
export async function typesOf(contract: string, signal: AbortSignal): Promise<readonly string[]> {
  const query = { contract, view: "summary" } as const;
  const answer = await answerOf(api.GET("/v1/event-types", { params: { query }, signal }));
  return (answer as { readonly eventTypes: readonly { readonly type: string }[] }).eventTypes.map(({ type }) => type);
}

export function TestSend(of: { readonly tenant: string; readonly id: string; readonly contract: string }) {
  const t = texts();
  const types = useLoad(of.contract, (signal) => typesOf(of.contract, signal));
  const [chosen, setChosen] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (type: string) => {
    setBusy(true);
    setProblem(null);
    const path = { tenant: of.tenant, id: of.id };
    await answerOf(api.POST(route, { params: { path }, body: { type } })).then(setResult, (error: unknown) =>
      setProblem(problemOf(error)),
    );
    setBusy(false);
  };
  return (
    <section class="card stack">
      <p>{t.testSays}</p>
      <Shown of={types}>
        {(all) => (
          <div class="row bottom">
            <SelectField
              label={t.eventType}
              value={chosen ?? all[0] ?? ""}
              options={all.map((each) => [each, each])}
              onInput={setChosen}
            />
            <button type="button" class="primary" disabled={isBusy} onClick={() => void send(chosen ?? all[0] ?? "")}>
              {t.testSend}
            </button>
          </div>
        )}
      </Shown>
      {problem !== null && <ProblemNote problem={problem} />}
      <div role="status">{result !== null && <Answered {...result} />}</div>
    </section>
  );
}

function Answered({ request, response }: Result) {
  const t = texts();
  const took = duration(response.durationMs);
  const status = [response.status ?? t.noResponse, response.error].filter((each) => each !== null).join(" ");
  return (
    <div class="stack">
      <p>
        <Badge tone={response.delivered ? "ok" : "bad"}>{status}</Badge>{" "}
        {response.delivered ? t.testAccepted(took) : t.testRefused(took)}
      </p>
      <h3>{t.answered}</h3>
      {response.body === null ? (
        <p class="fine">{t.emptyBody}</p>
      ) : (
        <Payload text={response.body} name="response.txt" />
      )}
      <h3>{t.sent}</h3>
      <Payload text={request.body} name="request.json" />
    </div>
  );
}
