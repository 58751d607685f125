"""What is built and what is installed: the wheel holds everything the program needs, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_in_the_wheel(names):
    wanted = {file.relative_to(REPOSITORY).as_posix() for file in (REPOSITORY / "newstui").rglob("*")
              if file.is_file() and file.suffix in {".py", ".tcss", ".typed"}}  # fmt: skip
    assert wanted - names == set()


def test_the_stylesheets_are_in_the_wheel(names):
    assert any(name.endswith(".tcss") for name in names)


def test_the_sample_collection_is_in_the_wheel(names):
    wanted = {f"newstui/{file.relative_to(REPOSITORY).as_posix()}" for file in (REPOSITORY / "sample_feed").rglob("*")
              if file.is_file()}  # fmt: skip
    assert wanted - names == set()


def test_the_wheel_holds_no_tests_and_no_docs(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"newstui"}


def test_the_licence_travels_with_it(names):
    assert any(name.endswith("LICENSE") for name in names)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh virtual environment with the wheel in it, dependencies borrowed from here."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile",
               "--disable-pip-version-check", "--target", str(packages), str(wheel)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(ours))
    return folder / "bin"


def run(program: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folders = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "NEWSTUI"))
    }
    command = [str(program / "python"), "-m", "newstui", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=environment | folders, capture_output=True, text=True, check=False)


def test_an_installed_newstui_says_its_version(installed, tmp_path):
    result = run(installed, tmp_path, "--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("newstui ")


def test_an_installed_newstui_finds_its_sample(installed, tmp_path):
    script = "import newstui, newstui.config; print(newstui.__file__, newstui.config.sample_location(), sep='\\n')"
    command = [str(installed / "python"), "-c", script]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    module, sample = map(Path, result.stdout.splitlines())
    assert module.is_relative_to(installed.parent)
    assert (sample / "_config.yml").is_file()
    assert sample.is_relative_to(installed.parent)


def test_an_installed_newstui_lists_its_sample(installed, tmp_path):
    result = run(installed, tmp_path, "list", "sort:date", "--limit", "3", "--format", "tsv")
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 4), result.stderr
