/** A socket without a network; the test plays the server. */
export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly made: FakeSocket[] = [];
  readonly url: string;
  readonly sent: string[] = [];
  closed = false;
  bufferedAmount = 0;
  onmessage: ((event: Event) => void) | null = null;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.made.push(this);
    // As a browser does for the handler attribute, which takes its place among the listeners when it is first set.
    queueMicrotask(() => this.addEventListener("message", (event) => this.onmessage?.(event)));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.dispatchEvent(new Event("open"));
  }

  receives(data: string): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  ends(): void {
    this.dispatchEvent(new Event("close"));
  }
}

/** A page whose WebSocket is the fake one. */
export function fakeHost(): { WebSocket: typeof WebSocket } {
  return { WebSocket: FakeSocket as unknown as typeof WebSocket };
}
