import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Answer, type Problem } from "../api.ts";
import { useLoad } from "../load.ts";
import { Code } from "../parts/copy.tsx";
import { Confirm, Dialog } from "../parts/dialog.tsx";
import { SelectField, TextField } from "../parts/fields.tsx";
import { Empty, ProblemNote, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

type ApiKey = Answer<"/v1/orgs/{tenant}/api-keys">["apiKeys"][number];
const route = "/v1/orgs/{tenant}/api-keys";
const roles = ["member", "admin", "owner"] as const;

/** A tenant's API keys, and links to its portal. Each secret is shown once. */
export function KeysScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const keys = useLoad(`${tenant} keys`, (signal) =>
    answerOf(api.GET(route, { params: { path: { tenant } }, signal })),
  );
  const [shown, setShown] = useState<{ readonly title: string; readonly text: string } | null>(null);
  return (
    <>
      <h1 tabIndex={-1}>{t.keys}</h1>
      <Shown of={keys}>
        {({ apiKeys }) =>
          apiKeys.length === 0 ? (
            <Empty title={t.noKeys} />
          ) : (
            <KeyTable tenant={tenant} keys={apiKeys} reload={keys.reload} />
          )
        }
      </Shown>
      <NewKey tenant={tenant} made={(text) => (setShown({ title: t.keyShown, text }), keys.reload())} />
      <PortalLink tenant={tenant} made={(text) => setShown({ title: t.portalToken, text })} />
      {shown !== null && (
        <Dialog title={shown.title} onClose={() => setShown(null)}>
          <Code text={shown.text} />
          <div class="row end">
            <button type="button" class="primary" onClick={() => setShown(null)}>
              {t.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function KeyTable(props: { readonly tenant: string; readonly keys: readonly ApiKey[]; readonly reload: () => void }) {
  const t = texts();
  const [revoking, setRevoking] = useState<string | null>(null);
  return (
    <div class="table" role="region" aria-label={t.keys} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.id}</th>
            <th scope="col">{t.description}</th>
            <th scope="col">{t.role}</th>
            <th scope="col">{t.lastUsed}</th>
            <th scope="col">{t.created}</th>
            <th scope="col">
              <span class="hidden">{t.revoke}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.keys.map((key) => (
            <tr key={key.id}>
              <td>
                <code>{key.id}</code>
              </td>
              <td>{key.description ?? "–"}</td>
              <td>{key.role}</td>
              <td>{key.lastUsedAt === null ? t.never : <Time at={key.lastUsedAt} as="relative" />}</td>
              <td>
                <Time at={key.createdAt} />
              </td>
              <td>
                <button type="button" class="small" onClick={() => setRevoking(key.id)}>
                  {t.revoke}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {revoking !== null && (
        <Confirm
          title={t.revokeAsk}
          says={t.revokeSays}
          does={t.revoke}
          tone="bad"
          onClose={() => setRevoking(null)}
          act={() =>
            answerOf(api.DELETE(`${route}/{id}`, { params: { path: { tenant: props.tenant, id: revoking } } })).then(
              props.reload,
            )
          }
        />
      )}
    </div>
  );
}

function NewKey({ tenant, made }: { readonly tenant: string; readonly made: (key: string) => void }) {
  const t = texts();
  const [role, setRole] = useState<(typeof roles)[number]>("member");
  const [description, setDescription] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    const body = { role, ...(description !== "" && { description }) };
    await answerOf(api.POST(route, { params: { path: { tenant } }, body })).then(
      ({ key }) => (setDescription(""), made(key)),
      (error: unknown) => setProblem(problemOf(error)),
    );
  };
  return (
    <form class="card stack" onSubmit={(event) => void create(event)}>
      <div class="row bottom">
        <SelectField
          label={t.role}
          value={role}
          options={roles.map((each) => [each, each])}
          onInput={(value) => setRole(roles.find((each) => each === value) ?? "member")}
        />
        <TextField label={t.description} value={description} onInput={setDescription} />
        <button type="submit">{t.addKey}</button>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
    </form>
  );
}

function PortalLink({ tenant, made }: { readonly tenant: string; readonly made: (link: string) => void }) {
  const t = texts();
  const [problem, setProblem] = useState<Problem | null>(null);
  const create = async () => {
    setProblem(null);
    const options = { params: { path: { tenant } }, body: { scope: "manage" } } as const;
    await answerOf(api.POST("/v1/orgs/{tenant}/portal-tokens", options)).then(
      ({ token }) => made(`${location.origin}/portal#token=${token}`),
      (error: unknown) => setProblem(problemOf(error)),
    );
  };
  return (
    <section class="card stack">
      <h2>{t.portalToken}</h2>
      <p>{t.portalTokenSays}</p>
      {problem !== null && <ProblemNote problem={problem} />}
      <div class="row">
        <button type="button" onClick={() => void create()}>
          {t.makePortalToken}
        </button>
      </div>
    </section>
  );
}
