import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../view/page.js";
import { all, begin, transcript } from "../view/transcript-scene.js";
import { golden } from "../golden.js";
import type { PartState } from "../../src/state.js";

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

/** What is shown elsewhere than among the parts. */
const ABOUT = new Set(["status", "usage"]);

/** What of a part is to be read, alive and when the answer has ended. */
const READ: Readonly<Record<string, readonly [alive: string, ended: string]>> = {
  text: ["Hello, world\n", "Hello, world\n"],
  reasoning: ["Thoughts", "Thoughts"],
  component: ["shown", "shown"],
  "tool, running": ["countRunning…Input", "countNot completedInput"],
  "tool, done": ["countDone0.1 sInput", "countDone0.1 s"],
  "tool, failed": ["countFailed", "There is no such table."],
  "tool, denied": ["countNot allowed", "countNot allowed"],
  source: ["SourcesExampleexample.org", "SourcesExampleexample.org"],
  file: ["table.csv", "table.csv"],
  problem: ["Reference: 0badcafe", "Reference: 0badcafe"],
  steer: ["Only Europe", "Only Europe"],
  "ask, a choice": ["Run it?RunCancel", "Run it?Not answered"],
  "ask, a choice that was made": ["Run it?Run", "Run it?Run"],
  "ask, a choice that nobody made": ["Run it?Not answered in time", "Run it?Not answered in time"],
  "ask, a text": ["What is it called?Your answerSend answer", "What is it called?Not answered"],
  "ask, an approval": ["Send it?Deny", "Send it?Deny"],
  "ask, a form": ["Where to?CityIn Europe", "Where to?Not answered"],
  "ask, a form with a mistake": ["Input should be less than or equal to 30", "Not answered"],
  "ask, a form that was filled in": ["Where to?CityRome", "Where to?CityRome"],
  "action, set": ["Set Country to France", "Set Country to FranceNot done"],
  "action, was set": ["Set Country to FranceUndo", "Set Country to FranceUndo"],
  "action, not set": ["Set Country to OzIt does not have this value", "Set Country to OzIt does not have this value"],
  "action, navigate": ["Opened Details", "Opened DetailsNot done"],
  "action, notify": ["Notified: It is there.", "Notified: It is there."],
};

for (const { name, kind, text } of golden<Case[]>("parts").filter((each) => !ABOUT.has(each.kind))) {
  test(`shows what the server writes: ${name}`, () => {
    begin();
    const parts = [{ kind, text, ended: true } as PartState];
    const read = (): string => all(".chat-assistant-message")[0]!.textContent;
    const [alive, ended] = READ[name]!;
    transcript.render([{ ...answer("a", "", "streaming"), parts }], true);
    assert.ok(read().includes(alive), read());
    transcript.render([{ ...answer("a", "", "stopped"), parts: [{ ...parts[0]! }] }], false);
    assert.ok(read().includes(ended), read());
  });
}
