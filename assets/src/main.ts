/** Starts the chats of a page: those that are there, and those that come. */

import { ChatController } from "./chat-controller";
import { fileUrl, isFileGone } from "./attachments/file-url";
import { KeptFiles } from "./attachments/kept-files";
import { UploadRules } from "./attachments/upload-rules";
import { XhrUploader } from "./attachments/xhr-uploader";
import { Clipboard } from "./clipboard";
import { browserClock as clock } from "./clock";
import { CHAT_ATTRIBUTE, parseConfig } from "./config";
import { Connection } from "./connection";
import { dashGetProp, dashSetProps } from "./dash";
import { ClickedPoints } from "./dashboard/clicked-points";
import { Dashboard } from "./dashboard/dashboard";
import { Conversations } from "./history/conversations";
import { ThreadApi } from "./history/thread-api";
import { hasDevTools } from "./inspector/dev-tools";
import { Inspection } from "./inspector/inspection";
import { keepOver } from "./keep-over";
import { BundleFiles } from "./lazy/bundle-files";
import { inspectorBundle, pageBundles } from "./lazy/page-bundles";
import { Mount, type Disconnect } from "./mount";
import { browserPage } from "./page-life";
import { Popup, POPUP_ATTRIBUTE, SMALL_SCREEN } from "./popup/popup";
import { PopupMemory } from "./popup/popup-memory";
import { randomId } from "./random-id";
import { Conversation } from "./thread/conversation";
import { ThreadStore } from "./thread/thread-store";
import { SocketTap } from "./transport/socket-tap";
import { socketUrl } from "./transport/socket-url";
import { SseTransport } from "./transport/sse-transport";
import type { TransportFactory } from "./transport/types";
import { WebSocketTransport } from "./transport/websocket-transport";
import { Draft } from "./view/draft";
import { ChatView } from "./view/chat-view";

/** The names of what is loaded when it is first needed, written by the build. */
declare const LAZY_FILES: Readonly<Record<string, string>>;

// Known only now, while the script is run for the first time.
const { src } = document.currentScript as HTMLScriptElement;
const files = new BundleFiles(window, src, LAZY_FILES);
const bundles = pageBundles(window, clock, files);
const inspectors = hasDevTools(document) ? inspectorBundle(clock, files) : null;
const clipboard = new Clipboard(window);
const tap = new SocketTap(window);
const setProps = dashSetProps(window);
const getProp = dashGetProp(window);
const page = browserPage(window);
const dashboard = new Dashboard(setProps, getProp, (call) => clock.after(0, call));
let attempts = 0;
/** What Plotly takes to tell a click from a double click. */
const PLOTLY_MS = 350;

function connectChat(root: HTMLElement, attribute: string): Disconnect {
  const config = parseConfig(attribute);
  const { chat, transport: mode, base, websocket, storage, imageOrigins, uploads, inputs, finished, points, pinTo } = config;
  const inspection = inspectors && new Inspection(root, { clock, copyText: (text) => clipboard.copyText(text) }, inspectors);
  const plain: TransportFactory = (kind, session, events) => {
    if (kind === "sse") {
      return new SseTransport({ base, fetch: window.fetch.bind(window), clock }, session, events);
    }
    attempts += 1;
    const url = socketUrl(location.href, base, chat, attempts);
    return new WebSocketTransport({ component: websocket, url, setProps, tap, clock }, session, events);
  };
  const transport = inspection?.watch(plain) ?? plain;
  const controller: ChatController = new ChatController({
    chat,
    conversation: new Conversation(
      new ThreadStore(() => window.sessionStorage, storage),
      {
        act: (action) => dashboard.act(action),
        undo: (action) => dashboard.undo(action),
        inputs: () => inputs.map(([id, property]) => getProp(id, property) ?? null),
        answered: () => finished !== null && setProps(finished, { data: clock.date() }),
      },
      () => (config.history ? randomId(crypto) : null),
    ),
    connect: (owner) => new Connection({ mode, transport, clock, page, random: Math.random }, owner),
    clock,
    newRunId: () => randomId(crypto),
    whileAnswering: config.whileAnswering,
    show: (state) => {
      view.update(state);
      conversations?.show(state);
      inspection?.show(state);
    },
  });
  const url = (id: string): string => fileUrl(base, chat, id);
  const view = new ChatView(root, controller, {
    looks: config,
    draft: new Draft(() => window.sessionStorage, `${storage} draft`),
    imageOrigins,
    attachments: uploads && {
      rules: new UploadRules(uploads),
      uploader: new XhrUploader({ base, chat, clock, createRequest: () => new XMLHttpRequest() }),
      kept: new KeptFiles(new Draft(() => window.sessionStorage, `${storage} files`)),
      url,
    },
    pins: pinTo === null ? null : { container: pinTo, kept: new Draft(() => window.sessionStorage, `${storage} pins`) },
    files: { url, isGone: (address) => isFileGone(window.fetch.bind(window), address) },
    clipboard,
    clock,
    bundles,
    dash: { setProps, getProp },
  });
  const conversations = config.history
    ? new Conversations(root, controller, {
        api: new ThreadApi({ base, chat, fetch: window.fetch.bind(window), clock }),
        clock,
        createObserver: (changed) => new ResizeObserver(changed),
        hasKeyboard: () => window.matchMedia("(pointer: fine)").matches,
      })
    : null;
  controller.start();
  const stopKeeping = keepOver(window, controller);
  const stopWatching = watchPoints(points, (point) => view.offerPoint(point));
  return () => {
    stopKeeping();
    stopWatching();
    controller.dispose();
    conversations?.destroy();
    view.destroy();
    inspection?.end();
  };
}

function watchPoints(charts: readonly string[], offer: (point: string) => void): () => void {
  const listeners = new AbortController();
  if (charts.length > 0) {
    const clicked = new ClickedPoints(charts, getProp, offer);
    // Plotly tells Dash of a click a moment later.
    window.addEventListener("click", () => clock.after(PLOTLY_MS, () => clicked.look()), { signal: listeners.signal, capture: true });
  }
  return () => listeners.abort();
}

function connectPopup(root: HTMLElement, storage: string): Disconnect {
  const memory = new PopupMemory(new Draft(() => window.sessionStorage, storage));
  const popup = new Popup(root, memory, {
    hasKeyboard: () => window.matchMedia("(pointer: fine)").matches,
    isSmall: window.matchMedia(SMALL_SCREEN),
  });
  return () => popup.destroy();
}

new Mount(document, MutationObserver, CHAT_ATTRIBUTE, connectChat).start();
new Mount(document, MutationObserver, POPUP_ATTRIBUTE, connectPopup).start();
