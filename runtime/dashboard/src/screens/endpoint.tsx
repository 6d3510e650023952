import { useState } from "preact/hooks";
import { answerOf, api } from "../api.ts";
import { countdown, number } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { addressOf, go, place } from "../router.ts";
import { session, type Endpoint } from "../session.ts";
import { Code } from "../parts/copy.tsx";
import { Confirm, Dialog } from "../parts/dialog.tsx";
import { shortUrl } from "../parts/delivery-table.tsx";
import { Badge, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";
import { EndpointHistory } from "./audit.tsx";
import { EndpointDeliveries } from "./endpoint-deliveries.tsx";
import { EndpointForm, type Given } from "./endpoint-form.tsx";
import { Recovery } from "./recovery.tsx";
import { standingOf } from "./tenant-endpoints.tsx";
import { TestSend } from "./test-send.tsx";

const tabs = ["deliveries", "settings", "test", "recover", "history"] as const;
type Of = { readonly tenant: string; readonly id: string };

export function EndpointScreen(of: Of) {
  const endpoint = useLoad(`${of.tenant} ${of.id}`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/webhook-endpoints/{id}", { params: { path: of }, signal })),
  );
  useEvery(5000, endpoint.reload);
  return (
    <Shown of={endpoint} title={texts().endpoint}>
      {({ endpoint: found }) => <Whole of={of} endpoint={found} reload={endpoint.reload} />}
    </Shown>
  );
}

function Whole(props: { readonly of: Of; readonly endpoint: Endpoint; readonly reload: () => void }) {
  const t = texts();
  const { of, endpoint, reload } = props;
  const tab = tabs.find((each) => each === place.value.query.get("tab")) ?? "deliveries";
  const names = {
    deliveries: t.deliveries,
    settings: t.settings,
    test: t.test,
    recover: t.recover,
    history: t.history,
  };
  const mayChange = session.value?.canChange === true;
  const waiting = useLoad(`${of.id} waiting`, () => waitingOf(of));
  useEvery(5000, waiting.reload);
  const { tone, word, sentence } = standingOf(endpoint);
  return (
    <>
      <p class="crumbs">
        <a href={addressOf(of.tenant, ["endpoints"])}>{t.endpoints}</a>
      </p>
      <h1 tabIndex={-1} class="long">
        <bdi>{shortUrl(endpoint.url)}</bdi>
      </h1>
      {endpoint.description !== null && <p class="lead">{endpoint.description}</p>}
      <p class="standing">
        <Badge tone={tone}>{word}</Badge> {sentence}{" "}
        {waiting.value !== null && waiting.value !== "0" && (
          <a href={addressOf(of.tenant, ["endpoints", of.id], { state: "pending" })}>{t.waits(waiting.value)}</a>
        )}
      </p>
      {mayChange && <Switches of={of} endpoint={endpoint} reload={reload} />}
      <nav class="tabs" aria-label={shortUrl(endpoint.url)}>
        {tabs
          .filter(
            (each) =>
              (each !== "history" || session.value?.kind !== "portal") &&
              (mayChange || each === "deliveries" || each === "settings"),
          )
          .map((each) => (
            <a
              key={each}
              href={addressOf(of.tenant, ["endpoints", of.id], { tab: each === "deliveries" ? null : each })}
              aria-current={each === tab ? "page" : undefined}
            >
              {names[each]}
            </a>
          ))}
      </nav>
      {tab === "deliveries" && <EndpointDeliveries {...of} endpoint={endpoint} />}
      {tab === "settings" && <Settings of={of} endpoint={endpoint} reload={reload} />}
      {tab === "test" && <TestSend {...of} contract={endpoint.contract} />}
      {tab === "history" && <EndpointHistory {...of} />}
      {tab === "recover" && <Recovery {...of} />}
    </>
  );
}

const route = "/v1/orgs/{tenant}/webhook-endpoints/{id}";

/** Deliveries of an endpoint that wait, up to a page. */
async function waitingOf(of: Of): Promise<string> {
  const query = { state: "pending" } as const;
  const { deliveries, hasMore } = await answerOf(api.GET(`${route}/deliveries`, { params: { path: of, query } }));
  const count = number(deliveries.length);
  return hasMore ? texts().atLeast(count) : count;
}

type Asking = "pause" | "disable" | "delete" | "rotate";

/** Pausing stands beside disabling, each with what it does to events. */
function Switches(props: { readonly of: Of; readonly endpoint: Endpoint; readonly reload: () => void }) {
  const t = texts();
  const { of, endpoint, reload } = props;
  const [asking, setAsking] = useState<{ readonly what: Asking; readonly waiting: string } | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const ask = (what: Asking) =>
    void waitingOf(of).then(
      (waiting) => setAsking({ what, waiting }),
      () => setAsking({ what, waiting: "?" }),
    );
  const change = (body: { readonly enabled?: boolean; readonly paused?: boolean }) =>
    answerOf(api.PATCH(route, { params: { path: of }, body })).then(reload);
  const acts: Readonly<Record<Asking, () => Promise<unknown>>> = {
    pause: () => change({ paused: true }),
    disable: () => change({ enabled: false }),
    delete: async () => {
      await answerOf(api.DELETE(route, { params: { path: of } }));
      go(addressOf(of.tenant, ["endpoints"]));
    },
    rotate: async () => {
      const { signingSecret } = await answerOf(api.POST(`${route}/rotate-secret`, { params: { path: of }, body: {} }));
      setSecret(signingSecret);
      reload();
    },
  };
  const words = {
    pause: { title: t.pauseAsk, says: t.pauseSays, does: t.pause },
    disable: { title: t.disableAsk, says: t.disableSays(asking?.waiting ?? ""), does: t.disable, tone: "bad" },
    delete: { title: t.deleteAsk, says: t.deleteSays(asking?.waiting ?? ""), does: t.delete, tone: "bad" },
    rotate: { title: t.rotateAsk, says: t.rotateSays, does: t.rotate },
  } as const;
  return (
    <div class="row">
      {endpoint.paused ? (
        <button type="button" onClick={() => void change({ paused: false })}>
          {t.resume}
        </button>
      ) : (
        <button type="button" onClick={() => ask("pause")}>
          {t.pause}
        </button>
      )}
      {endpoint.enabled ? (
        <button type="button" onClick={() => ask("disable")}>
          {t.disable}
        </button>
      ) : (
        <button type="button" onClick={() => void change({ enabled: true })}>
          {t.enable}
        </button>
      )}
      <button type="button" onClick={() => ask("rotate")}>
        {t.rotate}
      </button>
      <button type="button" class="danger" onClick={() => ask("delete")}>
        {t.delete}
      </button>
      {asking !== null && <Confirm {...words[asking.what]} onClose={() => setAsking(null)} act={acts[asking.what]} />}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </div>
  );
}

export function SecretDialog({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const t = texts();
  return (
    <Dialog title={t.secret} onClose={onClose}>
      <p>{t.secretShown}</p>
      <Code text={secret} />
      <div class="row end">
        <button type="button" class="primary" onClick={onClose}>
          {t.close}
        </button>
      </div>
    </Dialog>
  );
}

function Settings({
  of,
  endpoint,
  reload,
}: {
  readonly of: Of;
  readonly endpoint: Endpoint;
  readonly reload: () => void;
}) {
  const t = texts();
  const save = (given: Given) => patch(of, given).then(reload);
  return (
    <>
      <dl class="facts">
        <dt>{t.id}</dt>
        <dd>
          <code>{endpoint.id}</code>
        </dd>
        <dt>{t.contract}</dt>
        <dd>{endpoint.contract}</dd>
        <dt>{t.created}</dt>
        <dd>
          <Time at={endpoint.createdAt} as="whole" />
        </dd>
        {endpoint.previousSecretExpiresAt !== null && (
          <>
            <dt>{t.secret}</dt>
            <dd>{t.secretOverlap(countdown(endpoint.previousSecretExpiresAt, Date.now()))}</dd>
          </>
        )}
        {endpoint.publicKey !== null && (
          <>
            <dt>{t.publicKey}</dt>
            <dd>
              <Code text={endpoint.publicKey} />
            </dd>
          </>
        )}
      </dl>
      <EndpointForm
        of={{ tenant: of.tenant, contract: endpoint.contract }}
        initial={endpoint}
        does={t.save}
        mayChange={session.value?.canChange === true}
        save={save}
      />
    </>
  );
}

const patch = (of: Of, given: Given) =>
  answerOf(api.PATCH(route, { params: { path: of }, body: { ...given, events: [...given.events] } }));
