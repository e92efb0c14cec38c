"""Measure the reviewer on real projects and write `docs/accuracy.md`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from bot.console.failure import CommandFailure
from tools.accuracy.measuring import Measured, measure, read_manifest, summed
from tools.accuracy.page import accuracy_page
from tools.accuracy.reasons import read_reasons
from tools.accuracy.tally import Difference
from tools.accuracy.targets import TARGETS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"


def main(arguments: list[str]) -> int:
    """Return 0 where every target is reached, 1 where one is missed, 2 where the input is not there."""
    options = _parser().parse_args(arguments)
    try:
        measured = _measured(options)
    except (OSError, msgspec.MsgspecError, CommandFailure) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    options.output.write_text(accuracy_page(measured, read_reasons()), encoding="utf-8")
    total = summed(measured)
    missed = [
        target.fact
        for target in TARGETS
        if target.fact in total and not target.is_reached(total[target.fact])
    ]
    sys.stdout.write(f"{options.output.name} written; missed: {', '.join(missed) or 'nothing'}\n")
    return int(bool(missed))


def _measured(options: argparse.Namespace) -> list[Measured]:
    manifest = options.manifest or options.truth.parent / "projects.json"
    found: list[Measured] = []
    for project in read_manifest(manifest):
        found.append(measure(project, options.truth, options.projects))
        sys.stdout.write(f"{project.repo}: {found[-1].seconds:.1f} s\n")
        sys.stdout.writelines(f"  {_told(difference)}\n" for difference in found[-1].differences)
        sys.stdout.flush()
    return found


def _told(difference: Difference) -> str:
    what = f"{difference.fact}: {difference.subject}"
    return f"{what}: truth {difference.truth or '-'}; said {difference.extracted or '-'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.accuracy", description=__doc__)
    parser.add_argument(
        "--truth", type=Path, required=True, help="folder of `OWNER__NAME.json` run-time dumps"
    )
    parser.add_argument(
        "--projects", type=Path, required=True, help="folder of the projects as `OWNER__NAME/`"
    )
    parser.add_argument(
        "--manifest", type=Path, help="the projects' list; default: projects.json beside `--truth`"
    )
    parser.add_argument("--output", type=Path, default=PAGE, help="the page; default: docs/accuracy.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
