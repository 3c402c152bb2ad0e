import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { PaintScheduler } from "../../src/view/paint-scheduler.js";
import { ManualFrames } from "./page.js";

describe("PaintScheduler", () => {
  let frames: ManualFrames;
  let paints: number;
  let costMs: number;
  let pieces: number;
  let scheduler: PaintScheduler;

  beforeEach(() => {
    frames = new ManualFrames();
    paints = 0;
    costMs = 0;
    pieces = 1;
    scheduler = new PaintScheduler(() => {
      paints += 1;
      frames.spend(costMs);
      pieces -= 1;
      return pieces <= 0;
    }, frames);
  });

  it("paints once a frame, however often it is asked", () => {
    scheduler.request();
    scheduler.request();
    assert.equal(paints, 0);
    frames.frame();
    assert.equal(paints, 1);
    frames.frame();
    assert.equal(paints, 1);
    assert.equal(frames.pending, 0);
  });

  it("paints without a frame on a page that gets none", () => {
    scheduler.request();
    frames.pass(1000);
    assert.equal(paints, 1);
    assert.equal(frames.pending, 0);
  });

  it("paints a few dear paints in a row, then leaves out frames", () => {
    costMs = 12;
    const waits: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      scheduler.request();
      const before = paints;
      let waited = 0;
      while (paints === before) {
        frames.frame();
        waited += 1;
      }
      waits.push(waited);
    }
    assert.deepEqual(waits.slice(0, 4), [1, 2, 2, 2]);
    assert.ok(waits.slice(-4).every((waited) => waited >= 5 && waited <= 7), `12 ms of 100 ms: ${waits}`);
  });

  it("paints at the next frame what somebody waits for, however dear painting was", () => {
    costMs = 100;
    scheduler.request();
    frames.frame();
    scheduler.request();
    frames.frame();
    assert.equal(paints, 1);
    scheduler.requestNow();
    frames.frame();
    assert.equal(paints, 2);
    frames.frame();
    assert.equal(paints, 2);
    assert.equal(frames.pending, 0);
  });

  it("does not put off a paint that gets no frame, however often somebody waits for one", () => {
    for (let count = 0; count < 10; count += 1) {
      scheduler.requestNow();
      frames.pass(100);
    }
    assert.ok(paints >= 3, `${paints} paints in a second`);
  });

  it("paints at the rate of the server, not of the screen", () => {
    for (let count = 0; count < 60; count += 1) {
      scheduler.request();
      frames.frame();
    }
    assert.equal(paints, 30);
  });

  it("asks the browser for no frame in which it would not paint", () => {
    scheduler.request();
    frames.frame();
    scheduler.request();
    assert.equal(frames.requested, 0);
    frames.frame();
    assert.equal(frames.requested, 0);
    frames.frame();
    assert.equal(paints, 2);
    assert.equal(frames.pending, 0);
  });

  it("goes on at the next frame with what has come all at once, however dear it is", () => {
    costMs = 12;
    pieces = 3;
    scheduler.request();
    for (let count = 0; count < 3; count += 1) {
      frames.frame();
    }
    assert.equal(paints, 3);
    assert.equal(frames.pending, 0);
  });

  it("tells a paint when its time is over", () => {
    let isInTime = true;
    const timed = new PaintScheduler((inTime) => {
      assert.equal(inTime(), true);
      frames.spend(40);
      isInTime = inTime();
      return true;
    }, frames);
    timed.request();
    frames.frame();
    assert.equal(isInTime, false);
  });

  it("leaves a piece for the next frame that would take longer than there is time", () => {
    const asked: boolean[] = [];
    const timed = new PaintScheduler((inTime) => {
      frames.spend(9);
      asked.push(inTime());
      frames.spend(9);
      asked.push(inTime());
      return true;
    }, frames);
    timed.request();
    frames.frame();
    assert.deepEqual(asked, [true, false]);
  });

  it("paints no more once cancelled", () => {
    scheduler.request();
    scheduler.cancel();
    frames.frame();
    frames.pass(1000);
    assert.equal(paints, 0);
  });
});
