/** The clipboard of the browser, also of a page that came over plain HTTP. */
export class Clipboard {
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  /** To be called while a click is handled. Returns whether the text is on the clipboard. */
  async copyText(text: string): Promise<boolean> {
    // Not there in an insecure context, whatever the types say.
    const clipboard = this.#window.navigator.clipboard as globalThis.Clipboard | undefined;
    try {
      await clipboard!.writeText(text);
      return true;
    } catch {
      return this.#copyBySelection(text);
    }
  }

  #copyBySelection(text: string): boolean {
    const { document } = this.#window;
    const focused = document.activeElement as HTMLElement | null;
    const field = document.createElement("textarea");
    field.value = text;
    field.readOnly = true;
    field.setAttribute("aria-hidden", "true");
    // Fixed and at the top, so that the page does not scroll to it.
    Object.assign(field.style, { position: "fixed", top: "0", opacity: "0" });
    // A dialog that keeps the focus to itself has to have it inside.
    (focused?.closest("dialog") ?? document.body).append(field);
    field.focus({ preventScroll: true });
    field.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    } finally {
      field.remove();
      focused?.focus({ preventScroll: true });
    }
  }
}
