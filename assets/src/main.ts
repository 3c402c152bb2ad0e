/** Starts the chats of a page: those that are there, and those that come. */

import { ChatController } from "./chat-controller";
import { browserClock as clock } from "./clock";
import { CHAT_ATTRIBUTE, parseConfig } from "./config";
import { Connection } from "./connection";
import { dashSetProps } from "./dash";
import { Mount, type Disconnect } from "./mount";
import { randomRunId } from "./random-id";
import { Conversation } from "./thread/conversation";
import { ThreadStore } from "./thread/thread-store";
import { SocketTap } from "./transport/socket-tap";
import { socketUrl } from "./transport/socket-url";
import { SseTransport } from "./transport/sse-transport";
import type { TransportFactory } from "./transport/types";
import { WebSocketTransport } from "./transport/websocket-transport";
import { ChatView } from "./view/chat-view";

const tap = new SocketTap(window);
const setProps = dashSetProps(window);
let attempts = 0;

function connectChat(root: HTMLElement, attribute: string): Disconnect {
  const { chat, transport: mode, base, websocket, storage } = parseConfig(attribute);
  const transport: TransportFactory = (kind, session, events) => {
    if (kind === "sse") {
      return new SseTransport({ base, fetch: window.fetch.bind(window), clock }, session, events);
    }
    attempts += 1;
    const url = socketUrl(location.href, base, chat, attempts);
    return new WebSocketTransport({ component: websocket, url, setProps, tap, clock }, session, events);
  };
  const controller: ChatController = new ChatController({
    chat,
    conversation: new Conversation(new ThreadStore(() => window.sessionStorage, storage)),
    connect: (owner) => new Connection({ mode, transport, clock, random: Math.random }, owner),
    clock,
    newRunId: () => randomRunId(crypto),
    show: (state) => view.update(state),
  });
  const view = new ChatView(root, controller);
  controller.start();
  const save = (): void => controller.save();
  window.addEventListener("pagehide", save);
  return () => {
    window.removeEventListener("pagehide", save);
    controller.dispose();
    view.destroy();
  };
}

new Mount(document, MutationObserver, CHAT_ATTRIBUTE, connectChat).start();
