import { answerOf, api } from "../api.ts";
import { useLoad } from "../load.ts";
import { Empty, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

/** Readers of the feed whose place is kept. */
export function Consumers({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const consumers = useLoad(`${tenant} consumers`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/feeds", { params: { path: { tenant } }, signal })),
  );
  return (
    <section>
      <h2>{t.consumers}</h2>
      <Shown of={consumers}>
        {({ consumers: all }) =>
          all.length === 0 ? (
            <Empty title={t.noConsumers} />
          ) : (
            <div class="table" role="region" aria-label={t.consumers} tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t.name}</th>
                    <th scope="col">{t.contract}</th>
                    <th scope="col">{t.committed}</th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(({ name, contract, updatedAt }) => (
                    <tr key={name}>
                      <td>{name}</td>
                      <td>{contract}</td>
                      <td>
                        <Time at={updatedAt} as="relative" />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </section>
  );
}
