import type { Cancel } from "../../src/clock";
import type { PageEvents, PageLife } from "../../src/page-life";

/** A page to which happens what the test says. */
export class FakePageLife implements PageLife {
  online = true;
  readonly #listeners = new Set<PageEvents>();

  listen(events: PageEvents): Cancel {
    this.#listeners.add(events);
    return () => this.#listeners.delete(events);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  goOnline(): void {
    this.online = true;
    this.#listeners.forEach((events) => events.online());
  }

  goOffline(): void {
    this.online = false;
    this.#listeners.forEach((events) => events.offline());
  }

  show(): void {
    this.#listeners.forEach((events) => events.shown());
  }
}
