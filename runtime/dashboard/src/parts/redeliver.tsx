import { useState } from "preact/hooks";
import { answerOf, api } from "../api.ts";
import { texts } from "../texts/texts.ts";
import type { DeliveryLine, Selection } from "./delivery-table.tsx";
import { Confirm } from "./dialog.tsx";

/** Which rows are chosen, among those that are shown. */
export function useSelection(lines: readonly DeliveryLine[]): Selection & { readonly drop: (id: string) => void } {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const ids = new Set(lines.map(({ id }) => id).filter((id) => chosen.has(id)));
  return {
    ids,
    toggle: (id) => setChosen(ids.has(id) ? ids.difference(new Set([id])) : new Set([...ids, id])),
    toggleAll: () => setChosen(ids.size === lines.length ? new Set() : new Set(lines.map(({ id }) => id))),
    drop: (id) => setChosen((before) => before.difference(new Set([id]))),
  };
}

export async function redeliver({ tenant, endpointId, id }: Pick<DeliveryLine, "tenant" | "endpointId" | "id">) {
  const path = { tenant, id: endpointId, delivery: id };
  const route = "/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries/{delivery}/redeliver";
  return answerOf(api.POST(route, { params: { path } }));
}

/** Redelivers what is chosen, one after the other, after it said how many that are. */
export function RedeliverBar(props: {
  readonly lines: readonly DeliveryLine[];
  readonly selection: Selection & { readonly drop: (id: string) => void };
  readonly done: () => void;
}) {
  const t = texts();
  const [isAsking, setAsking] = useState(false);
  const [madeCount, setMadeCount] = useState(0);
  const chosen = props.lines.filter(({ id }) => props.selection.ids.has(id));
  const act = async () => {
    // One that was made is chosen no more, so that trying again after a failure makes none twice.
    for (const line of chosen) {
      await redeliver(line);
      props.selection.drop(line.id);
    }
    setMadeCount(chosen.length);
    props.done();
  };
  return (
    <div class="row selection">
      <span role="status">
        {chosen.length > 0 ? t.selected(chosen.length) : madeCount > 0 ? t.redelivered(madeCount) : ""}
      </span>
      {chosen.length > 0 && (
        <button type="button" class="primary" onClick={() => setAsking(true)}>
          {t.redeliver}
        </button>
      )}
      {isAsking && (
        <Confirm
          title={t.redeliverAsk(chosen.length)}
          says={t.redeliverSays(chosen.length)}
          does={t.redeliver}
          onClose={() => setAsking(false)}
          act={act}
        />
      )}
    </div>
  );
}
