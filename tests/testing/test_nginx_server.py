from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.waiting import wait_until
from vizro_ws_chat.testing import NginxFailedError, NginxMissingError, NginxServer, nginx_server
from vizro_ws_chat.testing.processes import free_port

CONFIGURATION = """
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {}
http {
    access_log /var/log/nginx/access.log;
    server {
        listen 443 ssl;
        ssl_certificate /etc/nginx/certificates/fullchain.pem;
        ssl_certificate_key /etc/nginx/certificates/privkey.pem;
        return 404;
    }
}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    path = tmp_path / "of-a-machine.conf"
    path.write_text(CONFIGURATION)
    return path


def test_it_answers_with_a_certificate_that_only_its_clients_trust(configuration: Path) -> None:
    port = free_port()
    with NginxServer(configuration, port, {"listen 443": f"listen 127.0.0.1:{port}"}) as nginx:
        url = f"https://127.0.0.1:{port}/"
        with pytest.raises(urllib.error.HTTPError) as answered:
            urllib.request.urlopen(url, context=nginx.trusting)
        with answered.value as response:
            assert response.code == 404
        # It is written after the answer has gone.
        wait_until(lambda: '"GET / HTTP/1.1" 404' in nginx.access_log)
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(url)


def test_what_is_not_in_the_file_is_not_replaced(configuration: Path) -> None:
    with pytest.raises(ValueError, match="no 'listen 80' to be replaced"):
        NginxServer(configuration, free_port(), {"listen 80": "listen 8080"})


@pytest.mark.parametrize(
    ("directive", "complaint"), [("no_such_thing on;", "unknown directive"), ("listen 444 http3;", "invalid parameter")]
)
def test_what_nginx_does_not_take_is_told(configuration: Path, directive: str, complaint: str) -> None:
    nginx = NginxServer(configuration, free_port(), {"return 404;": directive})
    with pytest.raises(NginxFailedError, match=complaint):
        nginx.check()
    with pytest.raises(NginxFailedError, match=complaint):
        nginx.start()
    nginx.close()


def test_a_machine_without_nginx_is_told_how_to_get_it(configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx_server, "_PATH", "")
    with pytest.raises(NginxMissingError, match="apt-get install nginx"):
        NginxServer(configuration, free_port(), {})
