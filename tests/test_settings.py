import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.settings import ENVIRONMENT_PREFIX, Settings


def test_nothing_set_is_the_defaults() -> None:
    assert Settings.from_environment({"PATH": "/bin", "GRACE_SECONDS": "1"}) == Settings()


def test_values_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {
            "VIZRO_WS_CHAT_GRACE_SECONDS": "0.5",
            "VIZRO_WS_CHAT_MAX_RUNS": "7",
            "VIZRO_WS_CHAT_MAX_CONNECTIONS": "9",
            "VIZRO_WS_CHAT_ALLOWED_ORIGINS": " https://a.example , https://b.example:8443,",
            "VIZRO_WS_CHAT_IMAGE_ORIGINS": "https://images.example",
        }
    )
    assert settings == Settings(
        grace_seconds=0.5,
        max_runs=7,
        max_connections=9,
        allowed_origins=("https://a.example", "https://b.example:8443"),
        image_origins=("https://images.example",),
    )


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {"allowed_origins", "upload_folder"}))
def test_a_bad_value_names_its_variable(name: str) -> None:
    variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
    with pytest.raises(ConfigurationError, match=variable):
        Settings.from_environment({variable: "a few"})


def test_what_does_not_fit_is_told_what_would() -> None:
    with pytest.raises(ConfigurationError, match=r"VIZRO_WS_CHAT_REDIS_URL does not fit: .*'redis://host:6379/0'"):
        Settings.from_environment({"VIZRO_WS_CHAT_REDIS_URL": "localhost"})


@pytest.mark.parametrize("origin", ["images.example", "https://", "https://a.example/path", "data:image/png", "*"])
def test_an_origin_of_images_is_scheme_and_host(origin: str) -> None:
    with pytest.raises(ValidationError):
        Settings(image_origins=(origin,))


@pytest.mark.parametrize("value", ["", "-1", "0", "nan", "inf", "1e999"])
def test_a_time_must_be_a_positive_number(value: str) -> None:
    with pytest.raises(ConfigurationError, match="VIZRO_WS_CHAT_HEARTBEAT_SECONDS"):
        Settings.from_environment({"VIZRO_WS_CHAT_HEARTBEAT_SECONDS": value})


def test_a_batch_time_of_zero_is_allowed() -> None:
    assert Settings(batch_seconds=0).batch_seconds == 0


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().max_runs = 1


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"grace_second": 1})


def test_every_field_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert (field.description or "").endswith("."), name


def test_the_defaults_go_together() -> None:
    settings = Settings()
    assert settings.dead_seconds > 2 * settings.heartbeat_seconds
    assert settings.max_frame_bytes > 4 * settings.max_prompt_chars, "UTF-8 takes up to four bytes a character"
    assert settings.max_history_chars < settings.max_cached_chars
    assert settings.log_ttl_seconds > settings.grace_seconds


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    page = (Path(__file__).parents[1] / "docs" / "deploying.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", page, re.MULTILINE)
    assert rows == [(name, _shown(field.default), field.description) for name, field in Settings.model_fields.items()]


def _shown(default: Any) -> str:
    if isinstance(default, int | float):
        return f"{default:,}"
    return str(default) if default else "none"
