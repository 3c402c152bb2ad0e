"""The raw limit: a loop that sends the same frames over flask-sock, and nothing else."""

import json

from flask import Flask
from flask_sock import Sock
from simple_websocket import Server

from benchmarks.load.pace import paced_tokens

app = Flask(__name__)
sock = Sock(app)


@app.route("/")
def index() -> str:
    """Say that it is up."""
    return "up"


@sock.route("/ws")
def stream(ws: Server) -> None:
    """Answer one question."""
    question = ws.receive()
    run = {"run": "A" * 22, "id": "1700000000000-1"}
    for token in paced_tokens(question):
        ws.send(json.dumps([{**run, "type": "text-delta", "part": 0, "d": token}], separators=(",", ":")))
    ws.send(json.dumps([{**run, "type": "finish", "message": None}], separators=(",", ":")))
    ws.receive()
