"""Findings of whole applications are the same through reformatting, moves and renames."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules

APPS = Path(__file__).parents[1] / "apps"
NAMES = sorted(folder.name for folder in APPS.iterdir() if folder.is_dir() and any(folder.glob("**/*.py")))
FEW = ("isolation_authentication", "protected_clinic", "taint_layers", "sound_documents")


@cache
def tree(name: str) -> dict[str, bytes]:
    folder = APPS / name
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {path: content for path, content in found.items() if rules.interesting(path)}


def prints(files: dict[str, bytes]) -> Counter[tuple[str, str]]:
    review = rules.review_trusted(files, rules.Options(), cache=rules.NoCache())
    return Counter((finding.rule, finding.fingerprint) for finding in review.findings)


@cache
def before(name: str) -> Counter[tuple[str, str]]:
    return prints(tree(name))


def reformatted(files: dict[str, bytes], line_length: int, quotes: str) -> dict[str, bytes]:
    """What a formatter makes of it, with this many columns and these quotes."""
    with TemporaryDirectory() as folder:
        for path, content in files.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        style = ("--line-length", str(line_length), "--config", f'format.quote-style="{quotes}"')
        command = [sys.executable, "-m", "ruff", "format", "--isolated", "--quiet", *style, folder]
        subprocess.run(command, check=True)
        return {path: Path(folder, path).read_bytes() for path in files}


def commented(files: dict[str, bytes]) -> dict[str, bytes]:
    """A header of comments and blank lines in every module, so that every line moves."""
    header = b"# said by the lawyers\n\n# twice\n\n\n"
    return {path: header + text if path.endswith(".py") else text for path, text in files.items()}


def renamed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Every top-level module and package under another name, and imported by it."""
    tops = {path.partition("/")[0].removesuffix(".py") for path in files if path.endswith(".py")}
    moved = {}
    for path, content in files.items():
        text = content
        for top in tops if path.endswith(".py") else ():
            name = top.encode()
            text = re.sub(rb"(?m)^(\s*)from %s(?=[. ])" % name, rb"\1from new_%s" % name, text)
            alone = re.escape(name) + rb"(?=\s*$)"
            text = re.sub(rb"(?m)^(\s*)import %s" % alone, rb"\1import new_%s as %s" % (name, name), text)
        moved[f"new_{path}" if path.endswith(".py") else path] = text
    return moved


def same(name: str, line_length: int, quotes: str, *, header: bool, rename: bool) -> None:
    files = reformatted(tree(name), line_length, quotes)
    files = commented(files) if header else files
    files = renamed(files) if rename else files
    assert prints(files) == before(name)


STYLE = {
    "line_length": st.integers(40, 160),
    "quotes": st.sampled_from(["single", "double"]),
    "header": st.booleans(),
    "rename": st.booleans(),
}


@settings(max_examples=6, deadline=None)
@given(name=st.sampled_from(FEW), **STYLE)
def test_a_finding_stays_itself(
    name: str, line_length: int, quotes: str, *, header: bool, rename: bool
) -> None:
    assert before(name)
    same(name, line_length, quotes, header=header, rename=rename)


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), **STYLE)
def test_every_finding_of_every_application_stays_itself(
    name: str, line_length: int, quotes: str, *, header: bool, rename: bool
) -> None:
    same(name, line_length, quotes, header=header, rename=rename)
    assert len(tree(name)) > 0
