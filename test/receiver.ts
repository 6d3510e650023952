import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server on a free port of this machine, for tests that need a real receiver. */
export interface TestReceiver {
  readonly port: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** What came, with the body as bytes. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Answers every request with the status that `receive` gives, and no body. */
export async function openReceiver(
  receive: (request: ReceivedRequest) => number | Promise<number>,
): Promise<TestReceiver> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    response.statusCode = await receive({ path: request.url ?? "/", headers: request.headers, body });
    response.end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
