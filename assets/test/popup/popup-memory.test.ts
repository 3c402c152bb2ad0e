import assert from "node:assert/strict";
import { test } from "node:test";
import { PopupMemory } from "../../src/popup/popup-memory";
import { Draft } from "../../src/view/draft";
import { MemoryStorage } from "../doubles/memory-storage";

test("what is kept is read again, each for itself", () => {
  const storage = new MemoryStorage();
  const memory = () => new PopupMemory(new Draft(() => storage, "popup"));
  memory().isOpen = true;
  memory().size = { width: 500, height: 700 };
  assert.equal(memory().isOpen, true);
  assert.deepEqual(memory().size, { width: 500, height: 700 });
});

test("what makes no sense is not used", () => {
  for (const text of ["", "null", "{", '{"isOpen":"yes","size":{"width":"1"}}', '{"isOpen":1}']) {
    const storage = new MemoryStorage();
    storage.setItem("popup", text);
    const memory = new PopupMemory(new Draft(() => storage, "popup"));
    assert.equal(memory.isOpen, false);
    assert.equal(memory.size, null);
  }
});
