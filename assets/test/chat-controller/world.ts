import assert from "node:assert/strict";
import { ChatController } from "../../src/chat-controller";
import { Connection } from "../../src/connection";
import type { Outcome } from "../../src/dashboard/page-action.js";
import type { WhileAnswering } from "../../src/config";
import type { TransportMode } from "../../src/fallback";
import type { ClientFrame, SendFrame } from "../../src/protocol/frames";
import type { ChatState } from "../../src/state";
import { Conversation } from "../../src/thread/conversation";
import { ThreadStore } from "../../src/thread/thread-store";
import { FakeClock } from "../doubles/fake-clock";
import { FakePageLife } from "../doubles/fake-page-life";
import { FakeNetwork } from "../doubles/fake-transport";
import { MemoryStorage } from "../doubles/memory-storage";
import { ScriptedRun } from "../doubles/scripted-run";

/** A browser whose network and time the test has in its hands. It begins again before each test. */

export let clock: FakeClock;
export let network: FakeNetwork;
export let storage: MemoryStorage;
/** How many ids were made. */
export let runs: number;
export let life: FakePageLife;

/** A page with one chat. Several can share the storage, as before and after a reload. */
export class Page {
  readonly states: ChatState[] = [];
  readonly chat: ChatController;
  /** What is read of the page when something is asked. */
  inputs: readonly unknown[] = [];
  /** How many answers were complete. */
  answered = 0;
  /** What was done on the page, and undone. */
  readonly acts: string[] = [];
  outcome: Outcome = { done: true, before: "old" };
  canUndo = true;

  /** @param history whether the server keeps conversations. */
  constructor(mode: TransportMode = "websocket", whileAnswering: WhileAnswering = "wait", history = false) {
    this.chat = new ChatController({
      chat: "chat",
      conversation: new Conversation(
        new ThreadStore(() => storage, "thread"),
        {
          act: (action) => {
            this.acts.push(`${action.do} ${action.label}`);
            return this.outcome;
          },
          undo: (action) => {
            this.acts.push(`undo ${action.label}`);
            return this.canUndo;
          },
          inputs: () => this.inputs,
          answered: () => (this.answered += 1),
        },
        () => (history ? newId("thread") : null),
      ),
      connect: (owner) =>
        new Connection({ mode, transport: network.transport, clock, page: life, random: () => 0 }, owner),
      clock,
      whileAnswering,
      newRunId: () => newId("run"),
      show: (state) => this.states.push(state),
    });
    this.chat.start();
  }

  get state(): ChatState {
    const state = this.states.at(-1);
    assert.ok(state);
    return state;
  }

  /** Each message that waits as `status: text`. */
  get waiting(): string[] {
    return this.state.waiting.map(({ status, text }) => `${status}: ${text}`);
  }

  /** Each message as `role status: text`. */
  get lines(): string[] {
    return this.state.messages.map(
      ({ role, status, parts }) => `${role} ${status}: ${parts.map((part) => part.text).join("")}`,
    );
  }
}

function newId(kind: string): string {
  return `${kind}-${String((runs += 1)).padStart(12, "0")}`;
}

export const sends = (frames: readonly ClientFrame[]) => frames.filter((frame): frame is SendFrame => frame.type === "send");
export const cancels = (frames: readonly ClientFrame[]) => frames.filter((frame) => frame.type === "cancel");

export function lastSend(): SendFrame {
  const send = sends(network.last.sent).at(-1);
  assert.ok(send);
  return send;
}

/** Asks, and lets the server take it. */
export function ask(page: Page, text: string, id: string): ScriptedRun {
  assert.equal(page.chat.submit(text), true);
  if (page.state.connection !== "open") {
    network.last.welcome();
  }
  const run = new ScriptedRun(lastSend().run);
  network.last.receive(run.accepted(id, lastSend().parent));
  return run;
}

/** One whole turn. */
export function turn(page: Page, question: string, answer: string, ids: [string, string]): ScriptedRun {
  const run = ask(page, question, ids[0]);
  network.last.receive(run.start(), run.delta(answer), run.end(), run.finish(ids[1], ids[0]));
  return run;
}

/** Begins again, before each test. */
export function begin(): void {
  clock = new FakeClock();
  network = new FakeNetwork();
  storage = new MemoryStorage();
  runs = 0;
  life = new FakePageLife();
}
