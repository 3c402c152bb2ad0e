import { nameButton } from "./icon-button.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { Menu } from "./menu.js";

export interface ChatMenuOptions {
  /** Whether what is cleared is found again in the list of conversations. */
  readonly isKept: boolean;
  hasMessages(): boolean;
  exportConversation(): void;
  clear(): void;
}

const CLEAR = { label: labels.clear, icon: "clear" } as const;
const NEW = { label: labels.newChat, icon: "new-chat" } as const;

/** What can be done with the conversation as a whole. */
export class ChatMenu {
  readonly #button: HTMLElement;
  readonly #menu: Menu;

  constructor(button: HTMLElement, place: HTMLElement, options: ChatMenuOptions) {
    this.#button = button;
    button.append(createIcon(button.ownerDocument, "menu"));
    nameButton(button, labels.menu);
    const isEnabled = (): boolean => options.hasMessages();
    this.#menu = new Menu(button, place, {
      label: labels.menu,
      listClass: "chat-conversation-menu",
      itemClass: "chat-conversation-item",
      items: [
        { label: labels.export, icon: "export", isEnabled, choose: () => options.exportConversation() },
        { ...(options.isKept ? NEW : CLEAR), isEnabled, choose: () => options.clear() },
      ],
    });
  }

  destroy(): void {
    this.#menu.destroy();
    this.#button.replaceChildren();
  }
}
