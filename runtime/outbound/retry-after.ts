/** Statuses with which `Retry-After` says when to try again (RFC 6585 §4, RFC 9110 §15.6.4). */
const askingStatuses = [429, 503];

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a response asks to wait, in milliseconds from `now`: by a number of seconds or an HTTP date of the preferred
 * form (RFC 9110 §5.6.7). Null when it does not ask, or not so that it can be understood.
 */
export function retryAfterMs(
  status: number,
  header: string | readonly string[] | undefined,
  now: number,
): number | null {
  if (typeof header !== "string" || !askingStatuses.includes(status)) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const time = httpDate.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
