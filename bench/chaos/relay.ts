import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** How the line between controller and router is. */
export type LineState =
  | "whole"
  /** Nobody is connected. */
  | "cut"
  /** What is said arrives, and no answer comes back. */
  | "one-way";

/** The line between a controller and a router, a Unix socket of its own. */
export class Relay {
  state: LineState = "whole";
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(path: string, target: string): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true });
    const relay = new Relay(server);
    server.on("connection", (socket) => relay.#connect(socket, target));
    server.listen(path);
    await once(server, "listening");
    return relay;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #connect(near: Socket, target: string): void {
    if (this.state === "cut") {
      near.destroy();
      return;
    }
    const far = createConnection({ path: target, allowHalfOpen: true });
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("error", () => {
        near.destroy();
        far.destroy();
      });
      socket.on("close", () => this.#sockets.delete(socket));
    }
    near.pipe(far);
    if (this.state === "whole") far.pipe(near);
    else far.once("data", () => near.destroy()).once("end", () => near.destroy());
  }
}
