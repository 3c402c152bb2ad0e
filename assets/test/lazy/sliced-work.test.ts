import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { SlicedWork } from "../../src/lazy/sliced-work.js";
import { FakeClock } from "../doubles/fake-clock.js";

describe("SlicedWork", () => {
  let clock: FakeClock;
  let work: SlicedWork;
  let done: string[];

  beforeEach(() => {
    clock = new FakeClock();
    work = new SlicedWork(clock);
    done = [];
  });

  function task(name: string, takesMs: number): () => void {
    return () => {
      clock.sleep(takesMs);
      done.push(name);
    };
  }

  it("does at once what there is time for", () => {
    work.do(task("one", 3));
    work.do(task("two", 3));
    assert.deepEqual(done, ["one", "two"]);
  });

  it("leaves the rest to later tasks, the latest first", () => {
    for (const name of ["one", "two", "three", "four", "five"]) {
      work.do(task(name, 5));
    }
    assert.deepEqual(done, ["one", "two"]);
    clock.pass(0);
    assert.deepEqual(done, ["one", "two", "five", "four"]);
    clock.pass(10);
    assert.deepEqual(done, ["one", "two", "five", "four", "three"]);
    assert.equal(clock.pending, 0);
  });

  it("has time again in the next task", () => {
    work.do(task("one", 10));
    clock.pass(0);
    work.do(task("two", 1));
    assert.deepEqual(done, ["one", "two"]);
  });

  it("goes on after an error", (context) => {
    const error = context.mock.method(console, "error", mock.fn());
    work.do(() => {
      throw new Error("broken");
    });
    work.do(task("two", 1));
    assert.deepEqual(done, ["two"]);
    assert.equal(error.mock.callCount(), 1);
  });
});
