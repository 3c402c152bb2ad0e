import type { MarkdownIt, StateCore, Token } from "markdown-it";
import { labels } from "../../view/labels.js";

const MARKER = /^\[([ xX])\][ \t]+(?=\S)/;

/** GFM task list items: `- [ ] to do` and `- [x] done`. */
export function tasks(parser: MarkdownIt): void {
  parser.core.ruler.before("inline", "tasks", findTasks);
  parser.renderer.rules["task_marker"] = (tokens, index) => {
    const isDone = tokens[index]!.meta?.["isDone"] === true;
    const label = parser.utils.escapeHtml(isDone ? labels.taskDone : labels.taskOpen);
    return `<input type="checkbox" class="chat-task-marker" disabled${isDone ? " checked" : ""} aria-label="${label}"> `;
  };
  parser.core.ruler.after("inline", "task_markers", placeMarkers);
}

function findTasks(state: StateCore): void {
  const { tokens } = state;
  tokens.forEach((item, index) => {
    const inline = tokens[index + 2];
    if (item.type !== "list_item_open" || tokens[index + 1]!.type !== "paragraph_open" || !inline) {
      return;
    }
    const marker = MARKER.exec(inline.content);
    if (marker) {
      inline.content = inline.content.slice(marker[0].length);
      inline.meta = { isDone: marker[1] !== " " };
      item.attrJoin("class", "chat-task");
    }
  });
}

function placeMarkers(state: StateCore): void {
  for (const inline of state.tokens) {
    const task = inline.type === "inline" ? (inline.meta as { isDone: boolean } | null) : null;
    if (task) {
      inline.children = [taskMarker(state, task.isDone), ...(inline.children ?? [])];
    }
  }
}

function taskMarker(state: StateCore, isDone: boolean): Token {
  const token = new state.Token("task_marker", "input", 0);
  token.meta = { isDone };
  return token;
}
