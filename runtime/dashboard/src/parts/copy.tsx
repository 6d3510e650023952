import { useState } from "preact/hooks";
import { texts } from "../texts/texts.ts";

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = texts();
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" class="small" onClick={() => void copy()} onBlur={() => setCopied(false)}>
      <span aria-live="polite">{isCopied ? t.copied : (label ?? t.copy)}</span>
    </button>
  );
}

/** A command or a snippet, to be copied as it stands. */
export function Code({ text }: { readonly text: string }) {
  return (
    <div class="code">
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
