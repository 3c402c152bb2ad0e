"""Who may import whom: the layers of the package, read from the source."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "vizro_ws_chat"
PACKAGE = ROOT.name
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}

ALLOWED = {
    "exceptions": {"protocol.codes"},
    "settings": {"exceptions"},
    "_compat": set[str](),
    "log_fields": set[str](),
    "redaction": {"log_fields"},
    "telemetry": {"telemetry", "protocol", "exceptions", "log_fields", "redaction"},
    "author_functions": {"exceptions"},
    "protocol": {"protocol", "exceptions"},
    "streams": {"streams", "telemetry.observer", "protocol", "exceptions", "settings", "redaction"},
    "threads": {"threads", "protocol", "exceptions", "redaction"},
    "history": {"history", "threads", "streams.scheduler", "protocol", "exceptions", "settings", "redaction"},
    "uploads": {"uploads", "streams.scheduler", "protocol", "exceptions", "settings"},
    "transports": {
        "transports",
        "author_functions",
        "streams",
        "threads",
        "history",
        "uploads",
        "protocol",
        "exceptions",
        "settings",
        "redaction",
        "log_fields",
        "telemetry",
    },
    "parts": {"parts", "streams.output", "streams.asking", "protocol", "exceptions", "redaction"},
    "actions": {
        *("actions", "author_functions", "parts", "streams.cancel", "streams.output"),
        *("exceptions", "redaction", "_compat"),
    },
    "integrations": {"integrations", "actions", "parts", "exceptions", "redaction"},
}
"""By layer, the layers or modules of the package that it may import. What is not here may import anything."""

STANDARD_LIBRARY_FREE_OF_IO = {
    *("__future__", "collections", "contextlib", "dataclasses", "enum", "itertools", "re", "typing", "functools"),
    *("json", "base64"),
}
"""All of the standard library that `protocol` may use: no threads, clocks, sockets or files."""


def imports(path: Path, module: str) -> list[str]:
    """Return the dotted names that a module imports, anywhere in it, made absolute."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(filter(None, [base, node.module]))
            names += [f"{source}.{alias.name}" for alias in node.names]
    return names


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def layer(module: str) -> str:
    return module.removeprefix(f"{PACKAGE}.").split(".")[0]


IMPORTS = {module: imports(path, module) for module, path in MODULES.items()}


def test_the_source_is_found() -> None:
    assert {f"{PACKAGE}.{name}" for name in ALLOWED if name.islower()} <= set(MODULES)


@pytest.mark.parametrize("module", [name for name in MODULES if layer(name) in ALLOWED])
def test_imports_point_down(module: str) -> None:
    allowed = [f"{PACKAGE}.{name}" for name in ALLOWED[layer(module)]]
    inside = [name for name in IMPORTS[module] if is_within(name, PACKAGE)]
    assert [name for name in inside if not any(is_within(name, prefix) for prefix in allowed)] == []


@pytest.mark.parametrize("module", [name for name in MODULES if layer(name) == "protocol"])
def test_the_protocol_is_free_of_io(module: str) -> None:
    outside = {name.split(".")[0] for name in IMPORTS[module]} - {PACKAGE}
    assert outside & set(sys.stdlib_module_names) <= STANDARD_LIBRARY_FREE_OF_IO
    assert outside - set(sys.stdlib_module_names) <= {"pydantic", "typing_extensions"}


@pytest.mark.parametrize("layer_name", ["streams", "threads", "uploads"])
def test_only_the_transports_know_the_web_framework(layer_name: str) -> None:
    names = [name for module in MODULES if layer(module) == layer_name for name in IMPORTS[module]]
    known = ("flask", "dash", "vizro", "werkzeug", "flask_sock", "simple_websocket", "plotly")
    assert [name for name in names if name.split(".")[0] in known] == []


@pytest.mark.parametrize("module", [name for name in MODULES if layer(name) != "_compat"])
def test_private_names_of_the_frameworks_are_imported_in_one_place(module: str) -> None:
    def is_private(name: str) -> bool:
        return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))

    foreign = [name for name in IMPORTS[module] if name.split(".")[0] in ("vizro", "dash", "flask", "werkzeug")]
    assert [name for name in foreign if is_private(name)] == []
