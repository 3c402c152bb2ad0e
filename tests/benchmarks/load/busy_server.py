"""A server whose only worker burns processor time, or keeps memory, when it is asked to; its parent does neither."""

import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEPT: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    """`/burn/0.5`: half a second of processor time. `/keep/50`: 50 MB, for good."""

    def do_GET(self) -> None:
        _, what, *amount = self.path.split("/")
        if what == "burn":
            end = time.process_time() + float(amount[0])
            while time.process_time() < end:
                pass
        elif what == "keep":
            KEPT.append(b"x" * (int(amount[0]) * 1_000_000))
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    port, *is_worker = sys.argv[1:]
    if is_worker:
        HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
    subprocess.run([sys.executable, __file__, port, "worker"], check=True)
