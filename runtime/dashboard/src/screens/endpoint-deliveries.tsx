import { useState } from "preact/hooks";
import { answerOf, api, type Answer } from "../api.ts";
import { useEvery, useLoad } from "../load.ts";
import { session, type Endpoint } from "../session.ts";
import { DeliveryTable, type DeliveryLine } from "../parts/delivery-table.tsx";
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

/** The newest first; a page goes on after its last one. */
export function EndpointDeliveries(of: Of) {
  const t = texts();
  const [befores, setBefores] = useState<readonly string[]>([]);
  const before = befores.at(-1);
  const query = { limit: 50, ...(before !== undefined && { before }) };
  const path = { tenant: of.tenant, id: of.id };
  const page = useLoad(`${of.id} ${before}`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries", { params: { path, query }, signal })),
  );
  useEvery(5000, () => befores.length === 0 && page.reload());
  return (
    <Shown of={page}>
      {({ deliveries, hasMore }) => (
        <>
          {deliveries.length === 0 ? (
            <Empty title={t.noDeliveries} />
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
