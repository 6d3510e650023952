import { useState } from "preact/hooks";
import { answerOf, api } from "../api.ts";
import { useLoad } from "../load.ts";
import { addressOf, go, place } from "../router.ts";
import { session } from "../session.ts";
import { SelectField } from "../parts/fields.tsx";
import { Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";
import { SecretDialog } from "./endpoint.tsx";
import { EndpointForm, type Given } from "./endpoint-form.tsx";
import { pushContracts } from "./tenant-endpoints.tsx";

export function NewEndpointScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const contracts = useLoad("contracts", (signal) => pushContracts(signal));
  const asked = place.value.query.get("contract");
  const [contract, setContract] = useState(asked);
  const [made, setMade] = useState<{ readonly id: string; readonly secret: string | null } | null>(null);
  const type = place.value.query.get("type");
  const initial = {
    url: "https://",
    description: null,
    events: [type ?? "*"],
    filter: null,
    headers: {},
    ratePerSecond: null,
  };
  const create = async (given: Given) => {
    const body = { ...given, events: [...given.events], ...(contract !== null && { contract }) };
    const answer = await answerOf(
      api.POST("/v1/orgs/{tenant}/webhook-endpoints", { params: { path: { tenant } }, body }),
    );
    setMade({ id: answer.endpoint.id, secret: answer.signingSecret });
    if (answer.signingSecret === null) open(answer.endpoint.id);
  };
  const open = (id: string) => go(addressOf(tenant, ["endpoints", id]));
  return (
    <>
      <p class="crumbs">
        <a href={addressOf(tenant, ["endpoints"])}>{t.endpoints}</a>
      </p>
      <h1 tabIndex={-1}>{t.addEndpoint}</h1>
      <Shown of={contracts}>
        {(all) => (
          <SelectField
            label={t.contract}
            value={contract ?? all[0] ?? ""}
            options={all.map((each) => [each, each])}
            onInput={setContract}
          />
        )}
      </Shown>
      <EndpointForm
        of={{ tenant, contract }}
        initial={initial}
        does={t.addEndpoint}
        mayChange={session.value?.canChange === true}
        save={create}
      />
      {made !== null && made.secret !== null && <SecretDialog secret={made.secret} onClose={() => open(made.id)} />}
    </>
  );
}
