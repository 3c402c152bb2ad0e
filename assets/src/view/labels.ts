/** Every sentence that the chat itself says. */
export const labels = {
  transcript: "Conversation",
  you: "You",
  assistant: "Assistant",
  send: "Send message",
  stop: "Stop",
  retry: "Retry",
  scrollToLatest: "Scroll to latest message",
  generating: "Generating…",
  complete: "Answer complete",
  stopped: "Stopped",
  failed: "The answer failed.",
  interrupted: "The answer was interrupted.",
  reference: (ref: string) => `Reference: ${ref}`,
} as const;
