import { useId } from "preact/hooks";

interface Common {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function TextField(
  props: Common & {
    readonly type?: "text" | "url" | "search" | "password" | "number" | "datetime-local";
    readonly isRequired?: boolean;
  },
) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        {...({ type: props.type ?? "text" } as { type: "text" })}
        value={props.value}
        required={props.isRequired ?? false}
        autoComplete="off"
        spellcheck={false}
        aria-describedby={props.help === undefined ? undefined : `${id}-help`}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
      {props.help !== undefined && (
        <p class="fine" id={`${id}-help`}>
          {props.help}
        </p>
      )}
    </div>
  );
}

export function TextArea(props: Common & { readonly rows: number }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <textarea
        id={id}
        rows={props.rows}
        spellcheck={false}
        aria-describedby={`${id}-help`}
        value={props.value}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
      <p class="fine" id={`${id}-help`}>
        {props.help}
      </p>
    </div>
  );
}

export function SelectField(
  props: Common & { readonly options: readonly (readonly [value: string, label: string])[] },
) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={({ currentTarget }) => props.onInput(currentTarget.value)}>
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
