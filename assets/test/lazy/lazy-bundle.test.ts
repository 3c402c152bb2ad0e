import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { LazyBundle } from "../../src/lazy/lazy-bundle.js";
import { SlicedWork } from "../../src/lazy/sliced-work.js";
import { FakeClock } from "../doubles/fake-clock.js";

interface Thing { readonly name: string }

describe("LazyBundle", () => {
  const thing: Thing = { name: "thing" };
  let clock: FakeClock;
  let attempts: number[];
  let answers: (Thing | null)[];
  let bundle: LazyBundle<Thing>;

  beforeEach(() => {
    clock = new FakeClock();
    attempts = [];
    answers = [thing];
    bundle = new LazyBundle<Thing>({
      name: "Things",
      load: async (attempt) => {
        attempts.push(attempt);
        const answer = answers.shift();
        if (!answer) {
          throw new Error("no network");
        }
        return answer;
      },
      clock,
      work: new SlicedWork(clock),
    });
  });

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function createUser(): { told: number; bundleLoaded(): void } {
    return {
      told: 0,
      bundleLoaded() {
        this.told += 1;
      },
    };
  }

  it("loads nothing until it is used", async () => {
    await settle();
    assert.deepEqual(attempts, []);
  });

  it("loads once, and tells everyone who waits", async () => {
    const [one, two] = [createUser(), createUser()];
    assert.equal(bundle.use(one), null);
    assert.equal(bundle.use(two), null);
    await settle();
    assert.deepEqual([attempts, one.told, two.told], [[1], 1, 1]);
    assert.equal(bundle.use(one), thing);
    assert.deepEqual([attempts, one.told], [[1], 1]);
  });

  it("loads once what is prepared, before somebody uses it", async () => {
    bundle.prepare();
    bundle.prepare();
    await settle();
    assert.equal(bundle.use(createUser()), thing);
    assert.deepEqual(attempts, [1]);
  });

  it("tries again later, each time under another address, and says so once", async (context) => {
    const warn = context.mock.method(console, "warn", mock.fn());
    answers = [null, null, null, null, thing];
    const user = createUser();
    bundle.use(user);
    await settle();
    for (const waitMs of [5_000, 30_000, 120_000, 120_000]) {
      bundle.use(createUser());
      clock.pass(waitMs - 1);
      const before = attempts.length;
      await settle();
      assert.equal(attempts.length, before);
      clock.pass(1);
      await settle();
      assert.equal(attempts.length, before + 1);
    }
    assert.deepEqual(attempts, [1, 2, 3, 4, 5]);
    assert.equal(user.told, 1);
    assert.equal(warn.mock.callCount(), 1);
  });
});
