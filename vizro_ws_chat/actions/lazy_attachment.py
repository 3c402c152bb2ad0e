"""An attachment that is read when somebody looks at it: most actions look at few of a conversation."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, ValuesView
from typing import Any

_CONTENT = "content"


class LazyAttachment(dict[str, str]):
    """An `Attachment`, whose content is read at the first look at it.

    Args:
        filename: What its user calls it.
        read: Returns its content. What it raises goes to whoever looks.
    """

    def __init__(self, filename: str, read: Callable[[], str]) -> None:
        super().__init__(filename=filename, content="")
        self._read: Callable[[], str] | None = read

    def _whole(self) -> dict[str, str]:
        if self._read is not None:
            super().__setitem__(_CONTENT, self._read())
            self._read = None
        return self

    def __getitem__(self, key: str) -> str:
        if key == _CONTENT:
            self._whole()
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: str) -> None:
        if key == _CONTENT:
            self._read = None
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        if key == _CONTENT:
            self._read = None
        super().__delitem__(key)

    def update(self, *others: Any, **values: str) -> None:
        """Set values, as a dict does."""
        for key, value in dict(*others, **values).items():
            self[key] = value

    def __ior__(self, other: Any) -> LazyAttachment:  # type: ignore[override]
        self.update(other)
        return self

    def clear(self) -> None:
        """Take all out."""
        self._read = None
        super().clear()

    # ---- everything else that looks at the values, or copies them ----

    def __iter__(self) -> Iterator[str]:
        # `dict(attachment)` and `{**attachment}` ask for the values only of dicts with an iterator of their own.
        return super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or the default where there is none."""
        self._whole()
        return super().get(key, default)

    def items(self) -> ItemsView[str, str]:  # type: ignore[override]
        """Return the keys with their values."""
        self._whole()
        return super().items()

    def values(self) -> ValuesView[str]:  # type: ignore[override]
        """Return the values."""
        self._whole()
        return super().values()

    def pop(self, key: str, *default: Any) -> Any:
        """Remove a key and return its value."""
        self._whole()
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, str]:
        """Remove the last value, and return it with its key."""
        self._whole()
        return super().popitem()

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return a value, which is set where there is none."""
        self._whole()
        return super().setdefault(key, default)

    def copy(self) -> dict[str, str]:
        """Return a plain dict."""
        return dict(self.items())

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __eq__(self, other: object) -> bool:
        return self.copy() == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return dict, (self.copy(),)
