"""Load on the server: apps to put it on, a client that is much cheaper than they are, and what comes of it."""
