import { useState } from "preact/hooks";
import { number } from "../format.ts";
import { indented, visible } from "../json-text.ts";
import { texts } from "../texts/texts.ts";
import { CopyButton } from "./copy.tsx";

/** More at once makes a browser slow. */
const shownMax = 50_000;

/** Bytes that somebody else wrote, always as text: indented to be read, or as they were sent. */
export function Payload({ text, name }: { readonly text: string; readonly name: string }) {
  const t = texts();
  const [view, setView] = useState<"indented" | "sent">("indented");
  const [isWhole, setWhole] = useState(false);
  const source = isWhole ? text : text.slice(0, shownMax);
  const shown = view === "indented" ? indented(source) : source;
  return (
    <div class="payload">
      <div class="row bar">
        <div class="segments" role="group" aria-label={t.payload}>
          <button type="button" aria-pressed={view === "indented"} onClick={() => setView("indented")}>
            {t.payloadIndented}
          </button>
          <button type="button" aria-pressed={view === "sent"} onClick={() => setView("sent")}>
            {t.payloadAsSent}
          </button>
        </div>
        <span class="spring" />
        <CopyButton text={text} />
        <button type="button" class="small" onClick={() => download(name, text)}>
          {t.download}
        </button>
      </div>
      <pre tabIndex={0} dir="ltr" aria-label={t.payload}>
        {visible(shown)}
      </pre>
      {!isWhole && text.length > shownMax && (
        <p class="fine row">
          {t.payloadCut(number(shownMax), number(text.length))}
          <button type="button" class="small" onClick={() => setWhole(true)}>
            {t.showAll}
          </button>
        </p>
      )}
    </div>
  );
}

function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
  URL.revokeObjectURL(href);
}
