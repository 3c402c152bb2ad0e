"""How frames get to browsers: WebSocket and Server-Sent Events, over the same session.

Knows the protocol, the streams and the threads; nothing of Vizro. `mount` puts it all on a Flask app.
"""
