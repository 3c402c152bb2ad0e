"""Serve demo answers until interrupted: `python -m vizro_ws_chat.testing.scripted_openai --port 8051`."""

import argparse
import contextlib
import threading

from vizro_ws_chat.testing.scripted_openai import ScriptedOpenAI

parser = argparse.ArgumentParser(prog="python -m vizro_ws_chat.testing.scripted_openai", description=__doc__)
parser.add_argument("--port", type=int, default=8051, help="port on the loopback interface; 0 for any")
with ScriptedOpenAI(parser.parse_args().port) as server, contextlib.suppress(KeyboardInterrupt):
    print(f"OPENAI_BASE_URL={server.base_url} OPENAI_API_KEY={server.api_key}", flush=True)  # noqa: T201 - the command's output
    threading.Event().wait()
