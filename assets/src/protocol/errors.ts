/** The server said something that this version of the protocol does not allow. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
