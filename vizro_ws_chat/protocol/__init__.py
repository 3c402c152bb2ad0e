"""The wire protocol, free of IO: frames, their codec, frame ids, run states and the SSE encoding.

Nothing here knows Flask, Dash, threads or clocks. `docs/protocol.md` explains the protocol; the golden files in
`tests/wire/` define it.
"""
