"""A mistake in a repository's configuration, and the error that carries all of them."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake: the file, its 1-based line, and a sentence that says what is wrong and how to mend it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """`path:line: message`, as compilers write it."""
        return f"{self.path}:{self.line}: {self.message}"


class ConfigurationError(Exception):
    """The configuration cannot be used; `problems` names every mistake, in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Raise with at least one problem."""
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
