import assert from "node:assert/strict";
import { test } from "node:test";
import { ClickedPoints } from "../../src/dashboard/clicked-points.js";

test("a point that is clicked is told once, in words", () => {
  const data: Record<string, unknown> = { a: { points: [{ x: 1, y: 2 }] } };
  const told: string[] = [];
  const clicked = new ClickedPoints(["a", "b"], (id) => data[id as string], (point) => told.push(point));
  clicked.look();
  assert.deepEqual(told, [], "what was clicked before anybody asked");
  data["b"] = { points: [{ hovertext: "Japan", x: 1, y: 2.5 }] };
  clicked.look();
  clicked.look();
  data["b"] = { points: [{ label: "Asia", value: 3 }] };
  clicked.look();
  data["b"] = { points: [{ label: "Asia", value: 3 }] };
  clicked.look();
  data["b"] = null;
  clicked.look();
  assert.deepEqual(told, ["Japan, x: 1, y: 2.5", "Asia, value: 3", "Asia, value: 3"]);
});

test("points of charts of all kinds are told, and what has no words is not", () => {
  const told: string[] = [];
  let data: unknown;
  const clicked = new ClickedPoints(["a"], () => data, (point) => told.push(point));
  for (const point of [
    { location: "JPN", z: 5 },
    { hovertext: "", label: "Asia", x: null, value: 3 },
    { lat: 1.5, lon: 2 },
    { r: 1, theta: "N" },
    { pointNumber: 3, bbox: {} },
    { x: { a: 1 } },
  ]) {
    data = { points: [point] };
    clicked.look();
  }
  assert.deepEqual(told, ["location: JPN, z: 5", "Asia, value: 3", "lat: 1.5, lon: 2", "r: 1, theta: N"]);
});
