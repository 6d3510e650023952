/** Cuts what a client sends into the messages of PostgreSQL's protocol, version 3. */
export interface MessageReader {
  /** The messages that are complete with this chunk. */
  readonly read: (chunk: Buffer) => readonly Buffer[];
}

export function createMessageReader(): MessageReader {
  let rest: Buffer = Buffer.alloc(0);
  /** The first message has no letter that names its kind. */
  let kindBytes = 0;

  function next(): Buffer | null {
    if (rest.length < kindBytes + 4) return null;
    const end = kindBytes + rest.readInt32BE(kindBytes);
    if (rest.length < end) return null;
    const message = rest.subarray(0, end);
    rest = rest.subarray(end);
    kindBytes = 1;
    return message;
  }

  return {
    read: (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      const messages: Buffer[] = [];
      for (let message = next(); message !== null; message = next()) messages.push(message);
      return messages;
    },
  };
}
