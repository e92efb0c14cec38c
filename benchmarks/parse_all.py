"""A program: parse every Python file below a folder with `ast` or `libcst`, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path


def parser(name: str) -> Callable[[bytes], object]:
    """The parser of that name; what is not needed is not imported."""
    if name == "ast":
        import ast

        return ast.parse
    import libcst

    return libcst.parse_module


def main(name: str, folder: str) -> None:
    """Parse, and write how many files there were."""
    parse = parser(name)
    files = sorted(Path(folder).rglob("*.py"))
    for path in files:
        parse(path.read_bytes())
    sys.stdout.write(f"{len(files)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
