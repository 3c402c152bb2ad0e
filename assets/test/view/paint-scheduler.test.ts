import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { PaintScheduler } from "../../src/view/paint-scheduler.js";
import { ManualFrames } from "./page.js";

describe("PaintScheduler", () => {
  let frames: ManualFrames;
  let paints: number;
  let costMs: number;
  let scheduler: PaintScheduler;

  beforeEach(() => {
    frames = new ManualFrames();
    paints = 0;
    costMs = 0;
    scheduler = new PaintScheduler(() => {
      paints += 1;
      frames.spend(costMs);
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

  it("leaves out frames after a dear paint", () => {
    costMs = 12;
    scheduler.request();
    frames.frame();
    scheduler.request();
    let count = 0;
    while (paints === 1) {
      frames.frame();
      count += 1;
    }
    assert.equal(count, 6, "12 ms of 100 ms");
  });

  it("paints at the rate of the server, not of the screen", () => {
    for (let count = 0; count < 60; count += 1) {
      scheduler.request();
      frames.frame();
    }
    assert.equal(paints, 30);
  });

  it("paints no more once cancelled", () => {
    scheduler.request();
    scheduler.cancel();
    frames.frame();
    frames.pass(1000);
    assert.equal(paints, 0);
  });
});
