"""Long and hostile use of a real server: thousands of answers over broken networks, and what clients must not send.

`python -m soak --help`. No answer may lose, repeat or reorder a character, whatever the network does.
"""
