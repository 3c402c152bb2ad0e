import type { ClientFrame, HelloFrame, Resume, ServerFrame } from "../../src/protocol/frames";
import type { Session, TransportEvents } from "../../src/transport/types";

/** The chat's side of a transport, with all that it was told. */
export class Recorder implements Session, TransportEvents {
  readonly log: string[] = [];
  readonly frames: ServerFrame[] = [];
  readonly delivery: ClientFrame[] = [];
  resume: Resume[] = [];
  owed = false;
  onOpened = () => {};
  onReceived = () => {};

  hello(): HelloFrame {
    return { type: "hello", v: 1, chat: "chat", resume: this.resume };
  }

  expecting(): boolean {
    return this.owed;
  }

  opened(): void {
    this.log.push("opened");
    this.onOpened();
  }

  received(frames: readonly ServerFrame[]): void {
    this.log.push(...frames.map(({ type }) => type));
    this.frames.push(...frames);
    this.onReceived();
  }

  delivered(frames: readonly ClientFrame[]): void {
    this.delivery.push(...frames);
  }

  heard(): void {}

  closed(): void {
    this.log.push("closed");
  }
}
