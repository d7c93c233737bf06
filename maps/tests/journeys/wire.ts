/** A wire between a page and the server that can be cut, as when the server is stopped and started. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { baseUrl } from './desk';

const target = new URL(baseUrl);
const host = '127.0.0.1';

export class Wire {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  get url(): string {
    return `http://${host}:${this.port}`;
  }

  /** Listens, after a cut at the same port as before. */
  async join(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => {
      server.listen(this.port, host, resolve);
    });
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    this.server = server;
  }

  /** Every connection breaks, and no new one is taken. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.server) this.server.close(() => resolve());
      else resolve();
    });
    for (const socket of this.sockets) socket.destroy();
    this.server = null;
    await closed;
  }
}
