import { useState } from "preact/hooks";
import { problemOf, type Problem } from "../api.ts";
import { FilterTrial } from "./filter-trial.tsx";
import type { Endpoint } from "../session.ts";
import { TextArea, TextField } from "../parts/fields.tsx";
import { ProblemNote } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

export type Given = Pick<Endpoint, "url" | "description" | "events" | "filter" | "headers" | "ratePerSecond">;

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What is written stays written until it was saved, whatever the server says. */
export function EndpointForm(props: {
  readonly of: { readonly tenant: string; readonly contract: string | null };
  readonly initial: Given;
  readonly does: string;
  readonly mayChange: boolean;
  readonly save: (given: Given) => Promise<unknown>;
}) {
  const t = texts();
  const { initial } = props;
  const [url, setUrl] = useState(initial.url);
  const [description, setDescription] = useState(initial.description ?? "");
  const [events, setEvents] = useState(initial.events.join("\n"));
  const [filter, setFilter] = useState(initial.filter ?? "");
  const [headers, setHeaders] = useState(
    Object.entries(initial.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
  );
  const [rate, setRate] = useState(String(initial.ratePerSecond ?? ""));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaved, setSaved] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    setSaved(false);
    const pairs = lines(headers).map((line) => [
      line.split(":")[0]?.trim() ?? "",
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
    try {
      await props.save({
        ...{ url: url.trim(), events: lines(events), headers: Object.fromEntries(pairs) },
        description: description.trim() === "" ? null : description.trim(),
        filter: filter.trim() === "" ? null : filter.trim(),
        ratePerSecond: rate === "" ? null : Number(rate),
      });
      setSaved(true);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form class="stack card" onSubmit={(event) => void save(event)}>
      <fieldset disabled={!props.mayChange} class="stack">
        <TextField label={t.url} type="url" help={t.urlHelp} value={url} onInput={setUrl} isRequired />
        <TextField label={t.description} value={description} onInput={setDescription} />
        <TextArea label={t.events} help={t.eventsHelp} rows={4} value={events} onInput={setEvents} />
        <TextField label={t.filter} help={t.filterHelp} value={filter} onInput={setFilter} />
        {filter.trim() !== "" && <FilterTrial {...props.of} filter={filter.trim()} />}
        <TextArea label={t.headers} help={t.headersHelp} rows={3} value={headers} onInput={setHeaders} />
        <TextField label={t.rate} help={t.rateHelp} type="number" value={rate} onInput={setRate} />
      </fieldset>
      {problem !== null && <ProblemNote problem={problem} />}
      {props.mayChange && (
        <div class="row">
          <button type="submit" class="primary">
            {props.does}
          </button>
          <span role="status">{isSaved ? t.saved : ""}</span>
        </div>
      )}
    </form>
  );
}
