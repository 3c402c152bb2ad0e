import { Connection, type ConnectionOwner } from "../../src/connection";
import type { TransportMode } from "../../src/fallback";
import type { ServerFrame } from "../../src/protocol/frames";
import { FakeClock } from "../doubles/fake-clock";
import { FakePageLife } from "../doubles/fake-page-life";
import { FakeNetwork } from "../doubles/fake-transport";

/** A connection whose network, time and owner the test has in its hands. It begins again before each test. */

export class Owner implements ConnectionOwner {
  owed = false;
  opens = 0;
  /** Whether what arrives is news. */
  advances = true;
  readonly frames: ServerFrame[] = [];

  hello() {
    return { type: "hello", v: 1, chat: "chat", resume: [] } as const;
  }

  expecting(): boolean {
    return this.owed;
  }

  onOpen(): void {
    this.opens += 1;
  }

  onDelivered(): void {}

  onFrames(frames: readonly ServerFrame[]): boolean {
    this.frames.push(...frames);
    return this.advances;
  }

  onConnectionChange(): void {}
}

export let clock: FakeClock;
export let network: FakeNetwork;
export let owner: Owner;
export let page: FakePageLife;

/** With jitter at its longest. */
export function connection(mode: TransportMode = "websocket"): Connection {
  const random = () => 1 - Number.EPSILON;
  return new Connection({ mode, transport: network.transport, clock, page, random }, owner);
}

/** Begins again, before each test. */
export function begin(): void {
  clock = new FakeClock();
  network = new FakeNetwork();
  owner = new Owner();
  page = new FakePageLife();
}
