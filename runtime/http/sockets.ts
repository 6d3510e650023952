import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../seams/clock.ts";
import type { HttpServer } from "./parts.ts";

/**
 * Ends connections when the server closes: at once where no request is under way, which Node does only for those that
 * had one, and after `answersWithinMs` where an answer is not finished, or nobody reads it.
 */
export function endSockets(app: HttpServer, of: { readonly clock: Clock; readonly answersWithinMs: number }): void {
  const underWay = new Map<Socket, number>();
  const count = (socket: Socket, change: 1 | -1) => {
    const before = underWay.get(socket);
    if (before !== undefined) underWay.set(socket, before + change);
  };
  app.server.on("connection", (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  app.server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
  app.addHook("preClose", async () => {
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    const cancel = of.clock.after(of.answersWithinMs, () => {
      for (const socket of underWay.keys()) socket.destroy();
    });
    app.server.once("close", cancel);
  });
}
