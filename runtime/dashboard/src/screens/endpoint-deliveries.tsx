import { useState } from "preact/hooks";
import { answerOf, api, type Answer } from "../api.ts";
import { useEvery, useLoad } from "../load.ts";
import { place, setQuery } from "../router.ts";
import { session, type Endpoint } from "../session.ts";
import { DeliveryTable, type DeliveryLine } from "../parts/delivery-table.tsx";
import { SelectField } from "../parts/fields.tsx";
import { RedeliverBar, useSelection } from "../parts/redeliver.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

type Of = { readonly tenant: string; readonly id: string; readonly endpoint: Endpoint };
type Delivery = Answer<"/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries">["deliveries"][number];

/** A delivery of one endpoint, with what its list leaves out because it is the same in every row. */
export function lineOf(delivery: Delivery, { tenant, endpoint }: Omit<Of, "id">): DeliveryLine {
  const hasEnded = delivery.nextAttemptAt === null && delivery.attemptCount > 0;
  return {
    ...delivery,
    ...{ tenant, contract: endpoint.contract, endpointUrl: endpoint.url },
    state: delivery.deliveredAt !== null ? "delivered" : hasEnded ? "failed" : "pending",
    eventAt: delivery.createdAt,
    lastStartedAt: null,
    lastDurationMs: null,
  };
}

const states = ["pending", "delivered", "failed"] as const;

/** The newest first; a page goes on after its last one. */
export function EndpointDeliveries(of: Of) {
  const t = texts();
  const [befores, setBefores] = useState<readonly string[]>([]);
  const before = befores.at(-1);
  const state = states.find((each) => each === place.value.query.get("state"));
  const query = { ...(before !== undefined && { before }), ...(state !== undefined && { state }) };
  const path = { tenant: of.tenant, id: of.id };
  const page = useLoad(`${of.id} ${before} ${state}`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries", { params: { path, query }, signal })),
  );
  useEvery(5000, () => befores.length === 0 && page.reload());
  return (
    <>
      <div class="filters" role="search">
        <SelectField
          label={t.state}
          value={state ?? ""}
          options={[["", t.all], ...states.map((each): [string, string] => [each, t[each]])]}
          onInput={(value) => (setBefores([]), setQuery({ state: value }))}
        />
      </div>
      <Shown of={page}>
        {({ deliveries, hasMore }) => (
          <>
            {deliveries.length === 0 ? (
              <Empty title={state === undefined ? t.noDeliveries : t.noDeliveriesFound} />
            ) : (
              <Lines lines={deliveries.map((each) => lineOf(each, of))} reload={page.reload} />
            )}
            <div class="row">
              {befores.length > 0 && (
                <button type="button" onClick={() => setBefores(befores.slice(0, -1))}>
                  {t.back}
                </button>
              )}
              {hasMore && (
                <button type="button" onClick={() => setBefores([...befores, deliveries.at(-1)?.id ?? ""])}>
                  {t.newer}
                </button>
              )}
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

function Lines({ lines, reload }: { readonly lines: readonly DeliveryLine[]; readonly reload: () => void }) {
  const selection = useSelection(lines);
  const mayChange = session.value?.canChange === true;
  return (
    <>
      {mayChange && <RedeliverBar lines={lines} selection={selection} done={reload} />}
      <DeliveryTable lines={lines} shows="one endpoint" selection={mayChange ? selection : undefined} />
    </>
  );
}
