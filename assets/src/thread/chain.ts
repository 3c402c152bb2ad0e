import type { FileRef } from "../protocol/frames";
import { contentOf, type Content } from "../protocol/content";
import type { Entry, Signature } from "./entry";
import type { ThreadTree } from "./thread-tree";

/** A message as the server wants it in `history`. */
export interface SignedMessage extends Signature {
  readonly role: "user" | "assistant";
  readonly content: Content;
  readonly files?: readonly FileRef[];
}

/** The id that a message continues: that of the nearest signed one which it follows. */
export function parentOf(tree: ThreadTree, key: string): string | null {
  for (const { message, signature } of tree.upwards(key)) {
    if (message.key !== key && signature) {
      return signature.id;
    }
  }
  return null;
}

/** The signed messages from the root to `id`; as far as they are known. */
export function chain(tree: ThreadTree, id: string | null): SignedMessage[] {
  const byId = new Map<string, Entry & { readonly signature: Signature }>();
  for (const entry of tree.entries) {
    if (entry.signature) {
      byId.set(entry.signature.id, { ...entry, signature: entry.signature });
    }
  }
  const messages: SignedMessage[] = [];
  for (let next = id; next !== null; ) {
    const entry = byId.get(next);
    if (!entry || messages.length > byId.size) {
      break;
    }
    const { role, parts, attachments } = entry.message;
    const files = attachments.length > 0 ? { files: attachments } : {};
    messages.push({ ...entry.signature, role, content: contentOf(parts), ...files });
    next = entry.signature.parent;
  }
  return messages.reverse();
}
