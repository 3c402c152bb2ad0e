/** Levels of elements that are looked into; what is deeper is made anew. The stack ends at some thousand. */
const DEEPEST = 200;

/**
 * Makes `nodes`, neighbours in the page, what `fresh` is, and returns them. Nodes that are alike stay, and text that
 * has grown is appended to, so that a selection in what was there before survives.
 */
export function patchNodes(nodes: readonly ChildNode[], fresh: DocumentFragment | Element, depth = 0): ChildNode[] {
  const anchor = nodes.at(-1)?.nextSibling ?? null;
  const parent = nodes[0]?.parentNode;
  if (!parent) {
    return [...fresh.childNodes];
  }
  const result = [...fresh.childNodes].map((node, index) => {
    const old = nodes[index];
    if (old && depth < DEEPEST && patchNode(old, node, depth)) {
      return old;
    }
    parent.insertBefore(node, old ?? anchor);
    old?.remove();
    return node;
  });
  nodes.slice(result.length).forEach((node) => node.remove());
  return result;
}

/** Appends what `text` has more than `node`, if that is all that differs. */
export function setText(node: CharacterData, text: string): void {
  if (text.startsWith(node.data)) {
    if (text.length > node.data.length) {
      node.appendData(text.slice(node.data.length));
    }
  } else {
    node.data = text;
  }
}

/**
 * Returns false if `node` can't become what `fresh` is. An element that carries its source shows it in a way of its
 * own, and stays as long as the source does. The rows of a table are blocks of their own, and stay.
 */
function patchNode(node: ChildNode, fresh: ChildNode, depth: number): boolean {
  if (node.nodeType !== fresh.nodeType || node.nodeName !== fresh.nodeName) {
    return false;
  }
  if (node.nodeType === node.TEXT_NODE) {
    setText(node as Text, (fresh as Text).data);
    return true;
  }
  if (node.nodeName === "TBODY") {
    return true;
  }
  const source = (node as HTMLElement).dataset["chatSource"];
  if (source !== undefined) {
    return source === fresh.textContent && (node as Element).className === (fresh as Element).className;
  }
  if (!patchAttributes(node as Element, fresh as Element)) {
    return false;
  }
  const children = [...node.childNodes];
  if (children.length === 0) {
    node.appendChild(withChildrenOf(fresh as Element));
  } else {
    patchNodes(children, fresh as Element, depth + 1);
  }
  return true;
}

/** Only values change: an element with other attributes is another one. */
function patchAttributes(element: Element, fresh: Element): boolean {
  const attributes = [...fresh.attributes];
  if (element.getAttributeNames().join() !== attributes.map(({ name }) => name).join()) {
    return false;
  }
  for (const { name, value } of attributes) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }
  return true;
}

function withChildrenOf(element: Element): DocumentFragment {
  const fragment = element.ownerDocument.createDocumentFragment();
  fragment.append(...element.childNodes);
  return fragment;
}
