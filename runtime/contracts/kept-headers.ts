/** Headers of a message as they are kept with an attempt: without secrets, and not more than `keptBytesMax` of them. */
export interface KeptHeaders {
  /** In the order in which they came; names are in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Whether there were others, for which there was no room. */
  readonly isCut: boolean;
}

/** Names and values together, in bytes. Receivers send some 300 bytes, with a content security policy 1,000. */
export const keptBytesMax = 4096;

/** Stands for a value that is secret. */
export const masked = "***";

/** Of a header's name, by its parts: what carries a credential, a session or a signature. */
const secretName =
  /(^|[-_.])(auth|authorization|bearer|cookie|credentials?|hmac|jwt|key|otp|passphrase|pwd|session|sid|sig|signature)([-_.]|$)|apikey|cookie|passw|secret|signature|token/;
const secretValue = /^(basic|bearer|digest|negotiate|token) /i;

/**
 * Not kept: they tell browsers where to report errors, and no webhook is sent by one. A proxy that many receivers stand
 * behind sends 300 bytes of them with each response, half of which are random, so they would double what a delivery writes.
 */
const forBrowsers: ReadonlySet<string> = new Set(["nel", "report-to", "reporting-endpoints"]);

export function isSecretHeader(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value);
}

/** Leaves out the secrets, and each header for which there is no room after those before it. Null: there is none. */
export function keepHeaders(headers: Readonly<Record<string, string>>): KeptHeaders | null {
  const fields: (readonly [string, string])[] = [];
  let left = keptBytesMax;
  let isCut = false;
  for (const name of Object.keys(headers)) {
    if (forBrowsers.has(name)) continue;
    const given = headers[name] ?? "";
    const value = isSecretHeader(name, given) ? masked : given;
    const bytes = Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > left) {
      isCut = true;
      continue;
    }
    left -= bytes;
    fields.push([name, value]);
  }
  return fields.length === 0 && !isCut ? null : { fields, isCut };
}
