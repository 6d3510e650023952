import { once } from "node:events";

import { createServer as createPlainServer, type AddressInfo } from "node:net";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { certificate, certificateKey } from "./certificate.ts";
import { okResponse, openOutbound, requestTo } from "./tcp-receiver.ts";

/** Answers every connection over TLS, and keeps which server names and requests came. */
async function openTlsReceiver() {
  const servernames: (string | false)[] = [];
  const requests: string[] = [];
  const server = createServer({ key: certificateKey, cert: certificate }, (socket) => {
    servernames.push(socket.servername ?? false);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      requests.push(chunk.toString());
      socket.end(okResponse);
    });
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, servernames, requests };
}

function trustCertificate(): void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, certificate]);
  onTestFinished(() => setDefaultCACertificates(before));
}

const resolve = () => Promise.resolve(["127.0.0.1"]);

describe("TLS", () => {
  test("the name stays in SNI, in the certificate check and in the Host header, though an address is dialled", async () => {
    trustCertificate();
    const { port, servernames, requests } = await openTlsReceiver();
    const outbound = openOutbound({ port, resolve });
    const exchange = await outbound.send(requestTo(`https://hooks.example.com:${port}/hook`));
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
    expect(servernames).toEqual(["hooks.example.com"]);
    expect(requests[0]).toContain(`host: hooks.example.com:${port}\r\n`);
  });

  test("a certificate for another name is refused before the request leaves", async () => {
    trustCertificate();
    const { port, requests } = await openTlsReceiver();
    const outbound = openOutbound({ port, resolve });
    const exchange = await outbound.send(requestTo(`https://other.example.com:${port}/hook`));
    expect(exchange).toMatchObject({ kind: "network_error", detail: expect.stringMatching(/ALTNAME_INVALID/) });
    expect(requests).toEqual([]);
  });

  test("what went wrong is told without the sources of OpenSSL and flags of Node", async () => {
    const { port } = await openTlsReceiver();
    const untrusted = await openOutbound({ port, resolve }).send(requestTo(`https://hooks.example.com:${port}/hook`));
    expect(untrusted).toMatchObject({ kind: "network_error", detail: expect.stringMatching(/certificate/) });
    const server = createPlainServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const { port: plainPort } = server.address() as AddressInfo;
    const noTls = await openOutbound({ port: plainPort }).send(requestTo(`https://127.0.0.1:${plainPort}/hook`));
    expect(noTls).toMatchObject({ kind: "network_error", detail: expect.stringMatching(/TLS: \S/) });
    for (const exchange of [untrusted, noTls])
      expect(JSON.stringify(exchange)).not.toMatch(/--|Node|openssl|\.c:|SSL routines/i);
  });

  test("an address is no name: its certificate must have the address", async () => {
    trustCertificate();
    const { port, requests } = await openTlsReceiver();
    const exchange = await openOutbound({ port }).send(requestTo(`https://127.0.0.1:${port}/hook`));
    expect(exchange).toMatchObject({ kind: "network_error", detail: expect.stringMatching(/ALTNAME_INVALID/) });
    expect(requests).toEqual([]);
  });

  test.each(["1", "0"])("a certificate of nobody's is refused, with NODE_TLS_REJECT_UNAUTHORIZED=%s", async (value) => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    });
    const { port, requests } = await openTlsReceiver();
    const outbound = openOutbound({ port, resolve });
    const exchange = await outbound.send(requestTo(`https://hooks.example.com:${port}/hook`));
    expect(exchange).toMatchObject({ kind: "network_error", detail: expect.stringMatching(/SELF_SIGNED/) });
    expect(requests).toEqual([]);
  });
});
