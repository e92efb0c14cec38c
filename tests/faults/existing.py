"""Tests that stand elsewhere and prove a fault or a threat: named here, and run by the long form."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.faults.figures import Figures
from tests.faults.form import LONG

ROOT = Path(__file__).resolve().parents[2]


def missing(named: tuple[str, ...]) -> list[str]:
    """Of the named tests (`file::function`) those that are not there."""
    return [name for name in named if name.partition("::")[2] not in _tests(ROOT / name.partition("::")[0])]


def prove(figures: Figures, *named: str) -> list[str]:
    """What is wrong with these tests: missing, or failing in the long form, which runs them here.

    In the short form they run where they stand.
    """
    figures.count("tests elsewhere", len(named))
    wrong = missing(named)
    if wrong or not LONG:
        return wrong
    counted = _run(named)
    failed = counted["failures"] + counted["errors"]
    passed = counted["tests"] - failed - counted["skipped"]
    figures.count("passed", passed)
    figures.count("failed", failed)
    return list(named) if failed or passed < len(named) else []


def _tests(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef)}


def _run(named: tuple[str, ...]) -> dict[str, int]:
    report = ROOT / "build" / f"existing-{abs(hash(named))}.xml"
    report.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_logging=no"]
    done = subprocess.run(
        [*command, f"--junitxml={report}", *named], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert report.is_file(), done.stdout[-2_000:]
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314 - pytest's own report
    report.unlink()
    return {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
