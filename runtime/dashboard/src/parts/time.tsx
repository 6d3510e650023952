import { relativeTime, shortTime, wholeTime } from "../format.ts";

/** A time in the reader's zone, with UTC in its title. */
export function Time(props: { readonly at: string; readonly as?: "short" | "whole" | "relative" }) {
  const { at, as = "short" } = props;
  const format = { short: shortTime, whole: wholeTime, relative: (iso: string) => relativeTime(iso) }[as];
  return (
    <time dateTime={at} title={`${at.replace("T", " ").replace("Z", "")} UTC`}>
      {format(at)}
    </time>
  );
}
