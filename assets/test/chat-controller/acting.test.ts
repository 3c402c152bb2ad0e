import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { AnswerFrame, RunFrame } from "../../src/protocol/frames";
import type { PartState } from "../../src/state";
import { Page, begin, lastSend, network } from "./world";

const OPEN = JSON.stringify({ do: "set", label: "Country", target: ["c", "value"], value: "France", state: "open", seconds: 30 });
const DONE = OPEN.replace('"open"', '"done"').replace("}", ',"before":"Japan"}');

const answers = (): AnswerFrame[] => network.last.sent.filter((frame): frame is AnswerFrame => frame.type === "answer");

/** A run that acts on the page in its parts, one after another. */
class ActingRun {
  readonly #run: string;
  #seq = 0;

  constructor(run: string) {
    this.#run = run;
  }

  get #at(): { run: string; id: string } {
    this.#seq += 1;
    return { run: this.#run, id: `1795372800000-${this.#seq}` };
  }

  act(part = 0): RunFrame[] {
    return [
      { type: "part-start", ...this.#at, part, kind: "action" },
      { type: "text-delta", ...this.#at, part, d: OPEN },
      { type: "part-end", ...this.#at, part },
    ];
  }

  done(part = 0): RunFrame[] {
    return [
      { type: "text-splice", ...this.#at, part, at: 0, remove: OPEN.length, d: DONE },
      { type: "part-end", ...this.#at, part },
    ];
  }
}

let page: Page;
let run: ActingRun;
let id: string;

const shown = (index = 0): PartState => page.state.messages.at(-1)!.parts[index]!;
const undo = (index = 0): void => page.chat.undo(page.state.messages.at(-1)!.key, shown(index));

function reload(): void {
  page.chat.dispose();
  page = new Page();
  network.last.welcome();
  run = new ActingRun(id);
}

beforeEach(() => {
  begin();
  page = new Page();
  page.chat.submit("Hello");
  network.last.welcome();
  id = lastSend().run;
  run = new ActingRun(id);
  network.last.receive({ type: "accepted", run: id, message: { id: "u1", parent: null, role: "user" } });
});

describe("acting on the page", () => {
  test("is done at once, and what came of it is told", () => {
    network.last.receive(...run.act());
    assert.deepEqual(page.acts, ["set Country"]);
    assert.deepEqual(answers(), [{ type: "answer", run: id, part: 0, value: { done: true, before: "old" } }]);
  });

  test("is not done again by a replay that comes in pieces", () => {
    network.last.receive(...run.act());
    network.last.receive(...run.done());
    reload();
    network.last.receive(...run.act());
    network.last.receive(...run.done());
    assert.deepEqual(page.acts, []);
    assert.deepEqual(answers(), []);
  });

  test("is not done again when the server does not take what came of it, of which the reader hears nothing", () => {
    network.last.receive(...run.act());
    network.last.receive({ type: "refused", code: "not-offered", text: "This is not offered.", run: id });
    network.last.receive({ type: "pong" });
    assert.deepEqual(page.acts, ["set Country"]);
    assert.equal(page.state.notice, null);
  });

  test("is done as often as the same is asked for, also over a lost connection", () => {
    network.last.receive(...run.act());
    network.last.lose();
    page.chat.tryNow();
    network.last.welcome();
    network.last.receive(...run.done(), ...run.act(1));
    assert.deepEqual(page.acts, ["set Country", "set Country"]);
    assert.deepEqual(answers().map(({ part }) => part), [0, 1]);
  });
});

describe("undoing", () => {
  test("what the answer does again is not undone", () => {
    network.last.receive(...run.act(), ...run.done());
    undo();
    network.last.receive(...run.act(1), ...run.done(1));
    assert.deepEqual([shown(0).isUndone, shown(1).isUndone], [true, undefined]);
  });

  test("stays undone over a reload while the answer goes on", () => {
    network.last.receive(...run.act(), ...run.done());
    undo();
    reload();
    network.last.receive(...run.act(), ...run.done(), ...run.act(1));
    assert.equal(shown().isUndone, true);
    assert.deepEqual(page.acts, ["set Country"], "only what is new");
  });

  test("is told when the page can't do it, and can be tried again", () => {
    network.last.receive(...run.act(), ...run.done());
    page.canUndo = false;
    undo();
    assert.equal(shown().isUndone, undefined);
    assert.match(page.state.notice!, /can't be undone here/);
    page.canUndo = true;
    undo();
    assert.equal(shown().isUndone, true);
    assert.equal(page.state.notice, null);
  });

  test("is done with parts that are shown, only", () => {
    network.last.receive(...run.act(), ...run.done());
    const before = shown();
    undo();
    page.chat.undo(page.state.messages.at(-1)!.key, before);
    assert.deepEqual(page.acts, ["undo Country"]);
  });
});
