/*
 * Pages are bounded by bytes as well as by count. Small bodies are not counted, since the count bounds them: 2,000 are
 * 16 MiB at most, and most of the time none of a page is larger.
 */

/** A body that has no more bytes than this is small. */
export const smallBodyBytesMax = 8 * 1024;

/** Unless told otherwise, a page ends with the event with which bodies that are not small have come to this. */
export const pageBytesMax = 4 * 1024 * 1024;

interface WithBody {
  readonly body: string;
}

/** The bytes of a body; 0 of a small one. */
export function countedBytes({ body }: WithBody): number {
  // UTF-8 has at most three bytes for each unit.
  if (body.length * 3 <= smallBodyBytesMax) return 0;
  const bytes = Buffer.byteLength(body);
  return bytes > smallBodyBytesMax ? bytes : 0;
}

/** Whether a page has so many bytes that it ends there, whatever its count: there may be more. */
export function isCut(page: readonly WithBody[], bytesMax: number = pageBytesMax): boolean {
  let bytes = 0;
  for (const event of page) bytes += countedBytes(event);
  return bytes >= bytesMax;
}
