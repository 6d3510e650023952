import { createSocket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";

export const typeA = 1;
export const typeAaaa = 28;

/** For each type of question, the addresses that answer it, as their bytes. */
export type Answers = Readonly<Record<number, readonly (readonly number[])[]>>;

/** A name server on this machine. `answersTo` may say something else the next time it is asked. */
export async function openNameServer(
  answersTo: (question: { readonly name: string; readonly type: number }) => Answers,
) {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (message, { port, address }) => {
    const { name, type, end } = readQuestion(message);
    asked.push(name);
    const records = (answersTo({ name, type })[type] ?? []).map((bytes) =>
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]),
    );
    const header = Buffer.from([message[0] ?? 0, message[1] ?? 0, 0x81, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0]);
    socket.send(Buffer.concat([header, message.subarray(12, end), ...records]), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { server: `127.0.0.1:${socket.address().port}`, asked };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: message.readUInt16BE(at + 1), end: at + 5 };
}
