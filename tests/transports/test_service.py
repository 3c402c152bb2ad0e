from __future__ import annotations

import pytest

from tests.transports.making import Dictated, make_service
from vizro_ws_chat.exceptions import ConfigurationError


def test_two_chats_of_one_id_are_a_mistake_of_the_author() -> None:
    responder = Dictated()
    service = make_service(responder)
    service.register("chat", responder)  # the same one again is no harm
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat'"):
        service.register("chat", Dictated())
    assert service.responders == {"chat": responder}
