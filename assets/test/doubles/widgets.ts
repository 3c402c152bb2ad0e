import type { DOMWindow } from "jsdom";
import { ChatWidgets } from "../../src/view/chat-widgets.js";
import { FakeBundles } from "./bundles.js";

/** The widgets of a chat, with bundles that never come unless they are given. */
export function createWidgets({ document }: DOMWindow, bundles = new FakeBundles()): ChatWidgets {
  return new ChatWidgets({
    document,
    copy: {
      clipboard: { copyText: () => Promise.resolve(true) },
      announcer: { announce: () => undefined },
      clock: bundles.clock,
    },
    regions: { watch: () => undefined },
    bundles,
    theme: { isDark: false, tell: () => undefined },
  });
}
