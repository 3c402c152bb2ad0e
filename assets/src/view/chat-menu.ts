import { nameButton } from "./icon-button.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { Menu } from "./menu.js";

export interface ChatMenuEvents {
  hasMessages(): boolean;
  exportConversation(): void;
  clear(): void;
}

/** What can be done with the conversation as a whole. */
export class ChatMenu {
  readonly #button: HTMLElement;
  readonly #menu: Menu;

  constructor(button: HTMLElement, place: HTMLElement, events: ChatMenuEvents) {
    this.#button = button;
    button.append(createIcon(button.ownerDocument, "menu"));
    nameButton(button, labels.menu);
    const isEnabled = (): boolean => events.hasMessages();
    this.#menu = new Menu(button, place, {
      label: labels.menu,
      listClass: "chat-conversation-menu",
      itemClass: "chat-conversation-item",
      items: [
        { label: labels.export, icon: "export", isEnabled, choose: () => events.exportConversation() },
        { label: labels.clear, icon: "clear", isEnabled, choose: () => events.clear() },
      ],
    });
  }

  destroy(): void {
    this.#menu.destroy();
    this.#button.replaceChildren();
  }
}
