import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClientFrame, HistoryFrame, SendFrame, ServerFrame } from "../../src/protocol/frames";
import type { MessageState } from "../../src/state";
import { Chance } from "../doubles/chance";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, begin, clock, network, storage } from "./world";

interface Signed {
  readonly id: string;
  readonly parent: string | null;
  readonly role: MessageState["role"];
  readonly content: string;
}

/** A server that signs by counting, forgets at times, and answers each send with the number of times it was asked. */
class Server {
  /** What it has ever signed, and what it still remembers. */
  readonly signed = new Map<string, Signed>();
  readonly known = new Set<string>();
  readonly log = new Map<string, ServerFrame[]>();
  #calls = 0;

  sign(parent: string | null, role: Signed["role"], content: string): Signed {
    const id = `${parent}/${role}:${content}`;
    const message = { id, parent, role, content };
    this.signed.set(id, message);
    this.known.add(id);
    return message;
  }

  /** What it sends for what it gets. */
  answer(frames: readonly ClientFrame[]): ServerFrame[] {
    return frames.flatMap((frame) => {
      switch (frame.type) {
        case "hello":
          return frame.resume.flatMap(({ run }) => this.log.get(run) ?? []);
        case "send":
          return this.#send(frame);
        case "history":
          return this.#restore(frame);
        case "feedback":
          return this.known.has(frame.message)
            ? [{ type: "feedback-taken", run: frame.run } as const]
            : [{ type: "need-history", run: frame.run } as const];
        default:
          return [];
      }
    });
  }

  #send(frame: SendFrame): ServerFrame[] {
    const known = this.log.get(frame.run);
    if (known) {
      return known;
    }
    if (frame.parent !== null && !this.known.has(frame.parent)) {
      return [{ type: "need-history", run: frame.run }];
    }
    const question =
      frame.text === null ? this.signed.get(frame.parent ?? "")! : this.sign(frame.parent, "user", frame.text);
    assert.equal(question.role, "user");
    const text = `answer ${(this.#calls += 1)}`;
    const { id } = this.sign(question.id, "assistant", text);
    const run = new ScriptedRun(frame.run);
    const frames = [
      run.accepted(question.id, question.parent),
      run.start(),
      run.delta(text),
      run.end(),
      run.finish(id, question.id),
    ];
    this.log.set(frame.run, frames);
    return frames;
  }

  #restore({ run, text }: HistoryFrame): ServerFrame[] {
    let parent: string | null = null;
    for (const message of JSON.parse(text) as Signed[]) {
      assert.deepEqual(message, this.signed.get(message.id), "a history must be what was signed");
      if (message.parent !== parent) {
        assert.ok(storage.quota < Infinity, "a history must be one chain, unless its beginning had no room");
        return [{ type: "refused", code: "bad-history", text: "No.", run }];
      }
      this.known.add(message.id);
      parent = message.id;
    }
    return [];
  }
}

/** A user who does anything, at any time, in one tab that is reloaded at any time. */
class Story {
  readonly server = new Server();
  page = new Page();
  readonly #chance: Chance;
  /** What was sent before, by transport. */
  readonly #heard = new WeakMap<object, number>();
  asked = 0;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
  }

  get messages(): readonly MessageState[] {
    return this.page.state.messages;
  }

  step(): void {
    const chance = this.#chance;
    const any = chance.pick(this.messages)?.key ?? "none";
    switch (chance.below(13)) {
      case 0:
      case 1:
      case 2:
        this.page.chat.submit(`question ${(this.asked += 1)}`);
        break;
      case 3:
        this.page.chat.edit(any, `question ${(this.asked += 1)}`);
        break;
      case 4:
        this.page.chat.regenerate(any);
        break;
      case 5:
        this.page.chat.switchBranch(any, chance.below(2) ? 1 : -1);
        break;
      case 6:
        this.page.chat.rate(any, chance.pick(["up", "down", null] as const) ?? null, "");
        break;
      case 7:
        this.page.chat.stop();
        break;
      case 8:
        if (chance.below(4) === 0) {
          this.page.chat.clear();
        } else {
          this.page.chat.undoClear();
        }
        break;
      case 9:
        this.reload();
        break;
      case 10:
        this.server.known.clear();
        break;
      case 11:
        clock.pass(chance.below(3_000));
        break;
      default:
        this.hear();
    }
  }

  /** What the parent of a question ends with, when this is shown above it: an answer that has text, if all has. */
  #signedBefore(texts: readonly string[]): string {
    return texts.length > 0 && texts.every((text) => text !== "") ? `:${texts.at(-1)}$` : "";
  }

  /** Lets the server hear what was sent, and the page what it says to that. */
  hear(): void {
    if (network.attempts.length === 0 || network.last.closed) {
      return;
    }
    if (!network.last.listening) {
      network.last.welcome();
    }
    const transport = network.last;
    const sent = transport.sent.slice(this.#heard.get(transport) ?? 0);
    this.#heard.set(transport, transport.sent.length);
    const frames = this.server.answer([...transport.hellos.splice(0), ...sent]);
    sent.filter(({ type }) => type === "ping").forEach(() => transport.closed || transport.receive({ type: "pong" }));
    if (frames.length > 0 && !transport.closed) {
      transport.receive(...frames);
    }
  }

  reload(): void {
    this.page.chat.dispose();
    this.page = new Page();
  }

  /** Lets everything come to its end. */
  settle(): void {
    for (let round = 0; this.page.chat.expecting(); round++) {
      assert.ok(round < 200, `it does not come to an end: ${this.page.lines.join("; ")}`);
      clock.pass(1_000);
      this.hear();
    }
  }

  check(): void {
    const { messages } = this;
    const texts = messages.map(({ parts }) => parts.map((part) => part.text).join(""));
    messages.forEach((message, index) => {
      if (message.status === "done" && message.role === "assistant") {
        const [accepted] = this.server.log.get(message.key.replace("-answer", "")) ?? [];
        assert.ok(accepted?.type === "accepted");
        assert.equal(this.server.signed.get(accepted.message.id)?.content, texts[index - 1]);
        assert.match(accepted.message.parent ?? "", new RegExp(this.#signedBefore(texts.slice(0, index - 1))));
      }
      assert.equal(message.role, index % 2 === 0 ? "user" : "assistant");
      assert.ok(message.branch.index >= 0 && message.branch.index < message.branch.count);
    });
    assert.equal(new Set(messages.map(({ key }) => key)).size, messages.length);
  }
}

describe("whatever is done in whatever order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    test(`the conversation stays whole, and is the same after a reload: ${seed}`, () => {
      begin();
      const story = new Story(seed);
      for (let step = 0; step < 120; step++) {
        story.step();
        story.check();
      }
      story.page.chat.undoClear();
      story.settle();
      const { messages } = story;
      const live = messages.filter(({ status }) => status === "submitted" || status === "streaming");
      assert.deepEqual(live, []);
      story.reload();
      assert.deepEqual(story.messages, messages);
      assert.equal(story.page.chat.submit("At last"), true);
      story.settle();
      assert.match(story.page.lines.at(-1) ?? "", /^assistant done: answer/);
    });
  }

  for (let seed = 61; seed <= 80; seed++) {
    test(`storage that is full takes the oldest turns alone: ${seed}`, () => {
      begin();
      storage.quota = 6_000;
      const story = new Story(seed);
      for (let step = 0; step < 120; step++) {
        story.step();
        story.check();
      }
      story.page.chat.undoClear();
      story.settle();
      const { lines } = story.page;
      story.reload();
      const kept = story.page.lines;
      assert.deepEqual(kept, lines.slice(lines.length - kept.length));
      assert.equal(kept.length % 2, 0);
    });
  }
});
