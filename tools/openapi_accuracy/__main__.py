"""Hold extracted OpenAPI documents against running applications and write `docs/accuracy-openapi.md`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from bot.console.failure import CommandFailure
from rules import Unanswered
from tools.openapi_accuracy.measuring import Measured, measure
from tools.openapi_accuracy.page import comparison_page, read_reasons

PAGE = Path(__file__).resolve().parents[2] / "docs" / "accuracy-openapi.md"


def main(arguments: list[str]) -> int:
    """Return 0 when the page was written, 2 where the input is not there."""
    options = _parser().parse_args(arguments)
    measured: list[Measured] = []
    try:
        for path in sorted(options.truth.glob("*.json"), key=lambda path: path.name.lower()):
            measured.append(measure(path, options.projects))
            _tell(measured[-1])
        reasons = read_reasons()
    except (OSError, msgspec.MsgspecError, CommandFailure, Unanswered) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    if not measured:
        sys.stderr.write(f"{options.truth} holds no dumps\n")
        return 2
    options.output.write_text(comparison_page(measured, reasons), encoding="utf-8")
    sys.stdout.write(f"{options.output.name} written\n")
    return 0


def _tell(measured: Measured) -> None:
    sys.stdout.write(f"{measured.repo}: {measured.seconds:.1f} s\n")
    for found in measured.differences:
        truth, said = found.truth or "-", found.extracted or "-"
        sys.stdout.write(f"  {found.fact}: {found.subject}: truth {truth}; said {said}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.openapi_accuracy", description=__doc__)
    parser.add_argument("--truth", type=Path, required=True, help="folder of `OWNER__NAME.json` dumps")
    parser.add_argument(
        "--projects", type=Path, required=True, help="folder of the projects as `OWNER__NAME/`"
    )
    parser.add_argument("--output", type=Path, default=PAGE, help="the page")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
