import { answerOf, api } from "../api.ts";
import { useLoad } from "../load.ts";
import { addressOf, place, setQuery } from "../router.ts";
import { session } from "../session.ts";
import { TextField } from "../parts/fields.tsx";
import { Payload } from "../parts/payload.tsx";
import { ReceiveCode } from "../parts/receive-code.tsx";
import { Badge, Empty, Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

interface Summary {
  readonly type: string;
  readonly contract: string;
  readonly group: string;
  readonly summary: string;
}
interface Contract {
  readonly id: string;
  readonly title: string;
  readonly mode: "push" | "stream" | "action";
}
interface Catalog {
  readonly contracts: readonly Contract[];
  readonly eventTypes: readonly Summary[];
}

/** What can be subscribed to, by contract. */
export function CatalogScreen() {
  const t = texts();
  const { tenant, query } = place.value;
  const text = (query.get("text") ?? "").toLowerCase();
  const catalog = useLoad("catalog", async (signal) => {
    const options = { params: { query: { view: "summary" } }, signal } as const;
    return (await answerOf(api.GET("/v1/event-types", options))) as Catalog;
  });
  const passes = (each: Summary) =>
    [each.type, each.group, each.summary].some((part) => part.toLowerCase().includes(text));
  return (
    <>
      <h1 tabIndex={-1}>{t.catalog}</h1>
      <div class="filters" role="search">
        <TextField
          label={t.search}
          type="search"
          help={t.searchTypes}
          value={text}
          onInput={(value) => setQuery({ text: value })}
        />
      </div>
      <Shown of={catalog}>
        {({ contracts, eventTypes }) => {
          const shown = eventTypes.filter(passes);
          if (shown.length === 0) return <Empty title={t.noTypesFound} />;
          return (
            <>
              {contracts.map((contract) => (
                <ContractTypes
                  key={contract.id}
                  contract={contract}
                  types={shown}
                  isOpen={text !== ""}
                  tenant={tenant}
                />
              ))}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function ContractTypes(props: {
  readonly contract: Contract;
  readonly types: readonly Summary[];
  readonly isOpen: boolean;
  readonly tenant: string | null;
}) {
  const t = texts();
  const { contract, tenant } = props;
  const own = props.types.filter((each) => each.contract === contract.id);
  if (own.length === 0) return null;
  return (
    <details class="card" open={props.isOpen}>
      <summary>
        <strong>{contract.title}</strong>{" "}
        <span class="fine">
          {contract.id} · {contract.mode} · {t.typesOf(own.length)}
        </span>
      </summary>
      <ul class="types">
        {own.map(({ type, summary }) => (
          <li key={type}>
            <a href={addressOf(tenant, ["event-types", contract.id, type])}>
              <code>{type}</code>
            </a>
            <span>{summary}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Whole extends Summary {
  readonly details: string;
  readonly deprecated: string | null;
  readonly since: string | null;
  readonly schema: unknown;
  readonly examples: readonly { readonly name: string; readonly body: unknown }[];
}

export function EventTypeScreen({ contract, type }: { readonly contract: string; readonly type: string }) {
  const t = texts();
  const { tenant } = place.value;
  const asked = useLoad(`${contract} ${type}`, async (signal) => {
    const options = { params: { path: { type }, query: { contract } }, signal };
    return (await answerOf(api.GET("/v1/event-types/{type}", options))) as { readonly eventType: Whole };
  });
  return (
    <Shown of={asked} title={t.eventType}>
      {({ eventType }) => (
        <>
          <p class="crumbs">
            <a href={addressOf(tenant, ["event-types"])}>{t.catalog}</a>
          </p>
          <div class="head">
            <h1 tabIndex={-1}>{eventType.type}</h1>
            {eventType.deprecated !== null && <Badge tone="warn">{t.deprecated}</Badge>}
            <span class="spring" />
            {tenant !== null && session.value?.canChange === true && (
              <a class="button" href={`${addressOf(tenant, ["endpoints", "new"], { contract, type })}`}>
                {t.addEndpoint}
              </a>
            )}
          </div>
          <p class="lead">{eventType.summary}</p>
          {eventType.deprecated !== null && <p class="note warn">{eventType.deprecated}</p>}
          {eventType.details !== "" && <p class="pre">{eventType.details}</p>}
          <h2>{t.fields}</h2>
          <Fields schema={eventType.schema} />
          <h2>{t.verify}</h2>
          <p>{t.verifySays}</p>
          <ReceiveCode contract={contract} />
          {eventType.examples.map(({ name, body }) => (
            <section key={name}>
              <h2>
                {t.example}: {name}
              </h2>
              <Payload text={JSON.stringify(body)} name={`${eventType.type}.json`} />
            </section>
          ))}
        </>
      )}
    </Shown>
  );
}

interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly doc: string;
}

function Fields({ schema }: { readonly schema: unknown }) {
  const t = texts();
  return (
    <div class="table" role="region" aria-label={t.fields} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.field}</th>
            <th scope="col">{t.type}</th>
            <th scope="col">{t.required}</th>
            <th scope="col">{t.description}</th>
          </tr>
        </thead>
        <tbody>
          {fieldsOf(schema, "", 0).map(({ path, type, isRequired, doc }) => (
            <tr key={path}>
              <td>
                <code>{path}</code>
              </td>
              <td>{type}</td>
              <td>{isRequired ? t.yes : t.no}</td>
              <td>{doc}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const member = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Properties of an object and of the objects in it, a few levels deep. */
function fieldsOf(schema: unknown, under: string, depth: number): readonly FieldRow[] {
  const properties = Object.entries(Object(member(schema, "properties")) as Record<string, unknown>);
  const required = listOf(member(schema, "required"));
  if (depth > 4) return [];
  return properties.flatMap(([name, each]) => {
    const path = under === "" ? name : `${under}.${name}`;
    const doc = member(each, "description");
    const row = {
      path,
      type: typeName(each),
      isRequired: required.includes(name),
      doc: typeof doc === "string" ? doc : "",
    };
    const inner = [each, ...listOf(member(each, "anyOf")), member(each, "items")];
    return [row, ...inner.flatMap((part) => fieldsOf(part, path, depth + 1))];
  });
}

function typeName(schema: unknown): string {
  const variants = [...listOf(member(schema, "anyOf")), ...listOf(member(schema, "oneOf"))];
  if (variants.length > 0) return [...new Set(variants.map(typeName))].join(" | ");
  const values = listOf(member(schema, "enum"));
  if (values.length > 0) return values.map((each) => JSON.stringify(each)).join(" | ");
  const fixed = member(schema, "const");
  if (fixed !== undefined) return JSON.stringify(fixed);
  const type = member(schema, "type");
  if (type === "array") return `${typeName(member(schema, "items"))}[]`;
  const format = member(schema, "format");
  return [Array.isArray(type) ? type.join(" | ") : (type ?? "any"), format === undefined ? "" : `(${format})`]
    .join(" ")
    .trim();
}
