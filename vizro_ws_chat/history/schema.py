"""The tables as they are now. `migrations` tells how a database gets there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, SmallInteger, Table, Text

metadata = MetaData()

threads = Table(
    "vizro_ws_chat_threads",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("titled_by", SmallInteger, nullable=False),  # a `Titled`
    Column("search_title", Text, nullable=False),  # as `searchable` makes it
    Column("updated_ms", BigInteger, nullable=False),
)

# A message's id follows from what it and all before it say, so two conversations that begin alike share ids.
messages = Table(
    "vizro_ws_chat_messages",
    metadata,
    Column("sequence", BigInteger, primary_key=True),  # the database counts: the order in which they were made
    Column("chat", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("parent", Text),
    Column("role", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON
    Column("files", Text, nullable=False),  # JSON
    Column("run", Text),  # of a question, the last
    Column("created_ms", BigInteger, nullable=False),
    Column("about", Text, nullable=False),  # JSON: what is shown with it
    Column("feedback", Text),  # JSON
    Column("search_text", Text, nullable=False),  # as `searchable` makes it
)

# Which conversation a run's answer belongs to.
runs = Table(
    "vizro_ws_chat_runs",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("thread", Text, nullable=False),
)

# What readers think of answers that are not here yet: another process may have them still.
ratings = Table(
    "vizro_ws_chat_ratings",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("feedback", Text, nullable=False),  # JSON
    Column("rated_ms", BigInteger, nullable=False),
)

# One row.
version = Table("vizro_ws_chat_schema", metadata, Column("version", SmallInteger, nullable=False))
