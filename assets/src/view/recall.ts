/** Walks through what was asked before, in the field that it is asked in. */
export class Recall {
  #shown: string | null = null;
  /** How many questions back. */
  #back = 0;

  /** What to show in place of `text`, the question before it; null when `text` is somebody's own or there is none. */
  older(text: string, questions: readonly string[]): string | null {
    if (text === "") {
      return this.#show(1, questions);
    }
    return text === this.#shown ? this.#show(this.#back + 1, questions) : null;
  }

  /** The other way; after the newest question the field is empty again. */
  newer(text: string, questions: readonly string[]): string | null {
    return text !== "" && text === this.#shown ? this.#show(this.#back - 1, questions) : null;
  }

  #show(back: number, questions: readonly string[]): string | null {
    const question = back === 0 ? "" : questions.at(-back);
    if (question === undefined) {
      return null;
    }
    this.#back = back;
    this.#shown = question;
    return question;
  }
}
