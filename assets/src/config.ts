import type { TransportMode } from "./connection";

/** The attribute that marks a chat's root and holds its configuration, written by the Python model. */
export const CHAT_ATTRIBUTE = "data-vizro-ws-chat";

export interface ChatConfig {
  readonly chat: string;
  readonly transport: TransportMode;
  /** The path prefix of the endpoints, with its slash. */
  readonly base: string;
  /** The id of the dash_extensions.WebSocket component. */
  readonly websocket: string;
  /** The session storage key of the thread. */
  readonly storage: string;
}

const MODES: readonly unknown[] = ["auto", "websocket", "sse"] satisfies TransportMode[];

/** @throws Error when the attribute is not what the Python model writes. */
export function parseConfig(attribute: string): ChatConfig {
  const config = JSON.parse(attribute) as Partial<Record<keyof ChatConfig, unknown>> | null;
  const { chat, transport, base, websocket, storage } = config ?? {};
  if (
    typeof chat !== "string" ||
    typeof base !== "string" ||
    typeof websocket !== "string" ||
    typeof storage !== "string" ||
    !MODES.includes(transport)
  ) {
    throw new Error(`${CHAT_ATTRIBUTE} is incomplete: ${attribute}`);
  }
  return { chat, transport: transport as TransportMode, base, websocket, storage };
}
