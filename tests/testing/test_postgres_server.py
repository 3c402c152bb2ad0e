from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psycopg
import pytest

from vizro_ws_chat.testing import PostgresMissingError, PostgresServer, postgres_server


def test_it_keeps_what_it_is_told_when_it_crashes() -> None:
    with PostgresServer() as server:
        address = server.url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        connection = psycopg.connect(address)
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address)
        server.start()
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_one_that_is_frozen_answers_nobody() -> None:
    with PostgresServer() as server, psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        server.freeze()
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            psycopg.connect(server.url.replace("+psycopg", ""), connect_timeout=2)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(connection.execute, "SELECT 1")
            assert not wait([answer], 0.2).done
            server.thaw()
            assert answer.result().fetchone() == (1,)


def test_one_that_is_frozen_ends_all_the_same() -> None:
    with PostgresServer() as server:
        psycopg.connect(server.url.replace("+psycopg", "")).close()
        server.freeze()


def test_it_takes_the_programs_options_and_leaves_nothing() -> None:
    with PostgresServer(["-c", "work_mem=1MB"]) as server:
        with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
            assert connection.execute("SHOW work_mem").fetchone() == ("1MB",)
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        assert Path(row[0]).exists()
    server.close()
    assert not Path(row[0]).parent.exists()


def test_a_machine_without_postgresql_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgres_server, "_DEBIAN", tmp_path)
    with pytest.raises(PostgresMissingError, match="apt-get install postgresql"):
        PostgresServer()
