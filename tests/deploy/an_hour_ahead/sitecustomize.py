"""Python imports this by itself when it starts with this folder in its path: its clock is an hour ahead then."""

import time

AHEAD_SECONDS = 3600
_time, _time_ns = time.time, time.time_ns
time.time = lambda: _time() + AHEAD_SECONDS
time.time_ns = lambda: _time_ns() + AHEAD_SECONDS * 10**9
