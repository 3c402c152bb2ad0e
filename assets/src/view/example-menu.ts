import { nameButton } from "./icon-button.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { Menu } from "./menu.js";

/** The example questions, in reach while a conversation goes on. */
export class ExampleMenu {
  readonly #button: HTMLElement;
  readonly #menu: Menu;

  /** @param fill puts a question into the input, to be changed or sent. */
  constructor(button: HTMLElement, place: HTMLElement, questions: readonly string[], fill: (question: string) => void) {
    this.#button = button;
    button.append(createIcon(button.ownerDocument, "examples"));
    nameButton(button, labels.examples);
    this.#menu = new Menu(button, place, {
      label: labels.examples,
      listClass: "chat-example-menu-dropdown",
      itemClass: "chat-example-question-item",
      items: questions.map((question) => ({
        label: question,
        icon: null,
        isEnabled: () => true,
        choose: () => fill(question),
      })),
    });
  }

  destroy(): void {
    this.#menu.destroy();
    this.#button.replaceChildren();
  }
}
