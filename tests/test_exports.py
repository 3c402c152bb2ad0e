import vizro_ws_chat


def test_every_public_name_is_there() -> None:
    for name in vizro_ws_chat.__all__:
        assert getattr(vizro_ws_chat, name) is not None
    assert len(set(vizro_ws_chat.__all__)) == len(vizro_ws_chat.__all__)
    assert sorted(vizro_ws_chat.__all__) == vizro_ws_chat.__all__


def test_what_users_of_the_peer_import_is_there() -> None:
    assert {"Chat", "Message", "StreamingChatAction"} <= set(vizro_ws_chat.__all__)


def test_the_version_is_a_release() -> None:
    assert all(part.isdecimal() for part in vizro_ws_chat.__version__.split(".")[:2])
