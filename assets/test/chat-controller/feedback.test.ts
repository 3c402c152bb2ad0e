import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { ClientFrame, FeedbackFrame, HistoryFrame } from "../../src/protocol/frames";
import type { Rating } from "../../src/state";
import { Page, ask, begin, clock, network, turn } from "./world";

beforeEach(begin);

const feedback = (frames: readonly ClientFrame[]) =>
  frames.filter((frame): frame is FeedbackFrame => frame.type === "feedback");

/** Rates the last answer. */
function rate(page: Page, rating: Rating | null, comment = ""): void {
  page.chat.rate(page.state.messages.at(-1)?.key ?? "", rating, comment);
}

const rating = (page: Page) => page.state.messages.at(-1)?.rating;

describe("feedback", () => {
  test("names the answer and the run that made it, is shown at once and kept", () => {
    const page = new Page();
    const { run } = turn(page, "One", "1", ["u1", "a1"]);
    rate(page, "down", "Too short \ud83d");
    assert.equal(rating(page), "down");
    assert.deepEqual(feedback(network.last.sent), [
      { type: "feedback", run, message: "a1", rating: "down", comment: "Too short \ufffd" },
    ]);
    network.last.receive({ type: "feedback-taken", run });
    assert.equal(page.chat.expecting(), false);
    assert.equal(rating(new Page()), "down");
  });

  test("opens the connection, and is told when there is one, once", () => {
    turn(new Page(), "One", "1", ["u1", "a1"]);
    const page = new Page();
    rate(page, "up");
    assert.equal(page.state.stalled, false);
    network.last.lose();
    clock.pass(5_000);
    network.last.welcome();
    assert.equal(feedback(network.last.sent).length, 1);
    assert.equal(page.state.stalled, false, "nobody waits for it");
    network.last.receive({ type: "feedback-taken", run: feedback(network.last.sent)[0]!.run });
    page.chat.engage();
    page.chat.submit("Two");
    assert.equal(feedback(network.last.sent).length, 1);
  });

  test("that was not heard is told again after a reload", () => {
    const before = new Page();
    turn(before, "One", "1", ["u1", "a1"]);
    rate(before, "up");
    const told = feedback(network.last.sent);
    before.chat.dispose();
    new Page();
    network.last.welcome();
    assert.deepEqual(feedback(network.last.sent), told);
  });

  test("brings the history when the server has not got it, not without end", () => {
    const page = new Page();
    const { run } = turn(page, "One", "1", ["u1", "a1"]);
    turn(page, "Two", "2", ["u2", "a2"]);
    page.chat.rate(page.state.messages[1]?.key ?? "", "up", "");
    network.last.sent.length = 0;
    for (let round = 0; round < 3; round++) {
      network.last.receive({ type: "need-history", run });
    }
    const history = network.last.sent.filter((frame): frame is HistoryFrame => frame.type === "history");
    assert.deepEqual(JSON.parse(history[0]?.text ?? "").map(({ id }: { id: string }) => id), ["u1", "a1"]);
    assert.deepEqual([history.length, feedback(network.last.sent).length], [3, 3]);
    network.last.receive({ type: "need-history", run });
    assert.equal(page.state.messages[1]?.rating, null);
    assert.equal(page.state.notice, "Your feedback could not be saved.");
  });

  test("that the server could not save is not shown as if it were; the next try may say more", () => {
    const page = new Page();
    const { run } = turn(page, "One", "1", ["u1", "a1"]);
    rate(page, "up");
    network.last.receive({ type: "feedback-taken", run });
    rate(page, "down");
    network.last.receive({ type: "refused", code: "internal", text: "No.", run, ref: "r1" });
    assert.equal(rating(page), "up");
    assert.equal(page.state.notice, "Your feedback could not be saved. Reference: r1");
    assert.equal(page.chat.expecting(), false);
    rate(page, null);
    assert.deepEqual([rating(page), page.state.notice], [null, null]);
  });

  test("that comes too fast is told later", () => {
    const page = new Page();
    const { run } = turn(page, "One", "1", ["u1", "a1"]);
    rate(page, "up");
    network.last.receive({ type: "refused", code: "busy", text: "Busy.", run, retry_ms: 2_000 });
    clock.pass(1_999);
    assert.equal(feedback(network.last.sent).length, 1);
    clock.pass(1);
    assert.equal(feedback(network.last.sent).length, 2);
    assert.deepEqual([rating(page), page.state.notice], ["up", null]);
  });

  test("is not for what the server has not signed", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    rate(page, "up");
    network.last.receive(run.failed());
    rate(page, "up");
    assert.equal(page.chat.rate(page.state.messages[0]?.key ?? "", "up", ""), false);
    assert.deepEqual([rating(page), feedback(network.last.sent)], [null, []]);
    assert.equal(page.state.notice, "This answer can't be rated.");
  });

  test("ends with a chat that may not be used", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    rate(page, "up");
    network.last.receive({ type: "refused", code: "login", text: "Log in." });
    assert.deepEqual([rating(page), page.chat.expecting()], [null, false]);
  });

  test("of a conversation that is cleared is told all the same", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    network.last.lose();
    rate(page, "up");
    page.chat.clear();
    network.last.welcome();
    assert.equal(feedback(network.last.sent).length, 1);
  });
});
