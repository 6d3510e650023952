import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createResolve } from "../../../runtime/outbound/resolve.ts";

const typeA = 1;
const typeAaaa = 28;

/** A name server that answers every question of a type with the addresses given for it, as their bytes. */
async function openNameServer(answers: Readonly<Record<number, readonly (readonly number[])[]>>) {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (question, { port, address }) => {
    const { name, type, end } = readQuestion(question);
    asked.push(name);
    const records = (answers[type] ?? []).map((bytes) =>
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]),
    );
    const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0]);
    socket.send(Buffer.concat([header, question.subarray(12, end), ...records]), port, address);
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

const ipv6Bytes = [0x26, 6, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11];

test("all addresses are given, IPv4 first", async () => {
  const { server, asked } = await openNameServer({
    [typeA]: [
      [1, 1, 1, 1],
      [10, 0, 0, 1],
    ],
    [typeAaaa]: [ipv6Bytes],
  });
  expect(await createResolve([server])("hooks.example.com.")).toEqual(["1.1.1.1", "10.0.0.1", "2606:4700:4700::1111"]);
  expect(asked).toEqual(["hooks.example.com", "hooks.example.com"]);
});

test("a name may have addresses of one family alone", async () => {
  const { server } = await openNameServer({ [typeAaaa]: [ipv6Bytes] });
  expect(await createResolve([server])("hooks.example.com.")).toEqual(["2606:4700:4700::1111"]);
});

test("no search list is applied, and a name without addresses is an error", async () => {
  const { server, asked } = await openNameServer({});
  await expect(createResolve([server])("kubernetes.")).rejects.toMatchObject({ code: "ENODATA" });
  expect(new Set(asked)).toEqual(new Set(["kubernetes"]));
});
