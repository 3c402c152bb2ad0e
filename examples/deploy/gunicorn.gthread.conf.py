"""Gunicorn with threads: for generators that block or compute. `gunicorn --config gunicorn.gthread.conf.py app:app`."""

import gc
import os

bind = "0.0.0.0:8000"
worker_class = "gthread"

# Each process loads the dashboard anew, so few of them with many threads. Without Redis a process knows only its own
# answers: one process then, or browsers that come back to another would not find theirs.
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if "VIZRO_WS_CHAT_REDIS_URL" in os.environ else "1"))

# An open connection holds a thread, and connections take half of them at most: 32 people can wait for answers at once
# in each process, and the dashboard has 32 threads for itself. A thread that waits costs some 60 KB.
threads = 64

# What one process accepts, with those that only wait to be used again: more than threads, else none is kept open.
worker_connections = 1000

# After SIGTERM, SIGHUP or max_requests, answers go on for 70 % of this time (the chat's shutdown_share), then they are
# interrupted. Give it the time of your longest answers, and whatever stops gunicorn more: stop_grace_period in
# docker-compose.yml, TimeoutStopSec in systemd.
graceful_timeout = 60

# A process that gives no sign of life for this long is killed. Threads give it however long their answers take; only
# code that never lets go of Python's lock does not.
timeout = 60

# Connections from nginx wait to be used again for longer than nginx keeps them (5 s), so that never a request is sent
# on one that is just being closed.
keepalive = 15

# Off: a process that is replaced drains first, and its longest answers are interrupted. Against a leak in a library
# set it to some 20,000, with at least two workers: the new one starts only when the old one has gone.
max_requests = 0
max_requests_jitter = 2000  # so that they are not replaced all at once

# Off: SIGHUP starts processes with the new code and ends the old ones after that, so nobody is refused meanwhile.
# With preload_app they would share memory, and SIGHUP would start the old code again.
preload_app = False

# Who may say that the browser used HTTPS (X-Forwarded-Proto): the proxy, by its address. The chat's cookie is `Secure`
# then. Gunicorn's own default; with nginx on another machine, name that.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Signs of life are written to a file; one that is really on a disk can be late.
worker_tmp_dir = "/dev/shm"


def post_worker_init(worker: object) -> None:
    """Spare Python's garbage collector, which stops everything while it looks, what is there for good."""
    gc.collect()
    gc.freeze()
    # Seldom, too: it looks whenever there are so many more objects than the last time. Answers alone leave none behind.
    gc.set_threshold(20_000, 20, 20)
