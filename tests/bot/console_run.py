"""A command in this process, which spares the start of another one."""

from __future__ import annotations

import contextlib
import dataclasses
import io
from pathlib import Path

from bot.__main__ import execute


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | Path) -> Answer:
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = execute([str(argument) for argument in arguments])
    return Answer(code, output.getvalue(), errors.getvalue())
