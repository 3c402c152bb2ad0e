type SocketConstructor = typeof WebSocket;

/**
 * Gives us the very socket that another part of the page constructs, at the moment it is constructed.
 *
 * The WebSocket component of dash_extensions owns a chat's socket, and offers no way to reach it. While at least one
 * URL is expected, the page's `WebSocket` is wrapped in a proxy that changes nothing but to report the instance made for
 * that URL: synchronously, so before its maker can add a handler.
 */
export class SocketTap {
  readonly #host: { WebSocket: SocketConstructor };
  readonly #expected = new Map<string, (socket: WebSocket) => void>();
  #original: SocketConstructor | null = null;
  #proxy: SocketConstructor | null = null;

  constructor(host: { WebSocket: SocketConstructor }) {
    this.#host = host;
  }

  /** Calls once with the socket made for exactly this URL. Returns how to stop expecting it. */
  expect(url: string, onSocket: (socket: WebSocket) => void): () => void {
    this.#expected.set(url, onSocket);
    this.#install();
    return () => {
      this.#expected.delete(url);
      this.#removeIfIdle();
    };
  }

  #install(): void {
    if (this.#proxy !== null && this.#host.WebSocket === this.#proxy) {
      return;
    }
    this.#original = this.#host.WebSocket;
    this.#proxy = new Proxy(this.#original, {
      construct: (target, args: ConstructorParameters<SocketConstructor>, newTarget) => {
        const socket = Reflect.construct(target, args, newTarget) as WebSocket;
        this.#report(String(args[0]), socket);
        return socket;
      },
    });
    this.#host.WebSocket = this.#proxy;
  }

  #report(url: string, socket: WebSocket): void {
    const onSocket = this.#expected.get(url);
    if (onSocket) {
      this.#expected.delete(url);
      this.#removeIfIdle();
      onSocket(socket);
    }
  }

  /** Leaves a wrapper alone that somebody else has put around ours: ours is then a plain pass-through inside it. */
  #removeIfIdle(): void {
    if (this.#expected.size === 0 && this.#original !== null && this.#host.WebSocket === this.#proxy) {
      this.#host.WebSocket = this.#original;
      this.#original = null;
      this.#proxy = null;
    }
  }
}
