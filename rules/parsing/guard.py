"""Text to a tree: the host's `ast` first, libcst where the syntax is newer than the host's Python."""

from __future__ import annotations

import ast
import re
import warnings

from rules.parsing.problem import NotAnalysed
from rules.parsing.templates import HAS_TEMPLATES, plain_templates

_NEWER = re.compile(
    r"""^[ \t]*lazy[ \t]+(?:import|from)\b  # PEP 810 lazy import
    | ^[ \t]*type[ \t]+\w+          # PEP 695 alias
    | \b(?:def|class)[ \t]+\w+[ \t]*\[  # PEP 695 and 696 type parameters
    | \bexcept\b[^:(\n]*,              # PEP 758 unparenthesised except
    | (?<!\w)(?:[fFtT][rR]?|[rR][fFtT])['"]  # PEP 701 f-strings and PEP 750 t-strings
    """,
    re.VERBOSE | re.MULTILINE,
)
_TEMPLATE = re.compile(r"(?<!\w)(?:[tT][rR]?|[rR][tT])['\"]")


def parse(text: str) -> ast.Module:
    """The module's tree, positions as in `text`. Raises `NotAnalysed` alone, where there is none."""
    try:
        tree = host_parse(text)
        return plain_templates(tree) if HAS_TEMPLATES and _TEMPLATE.search(text) else tree
    except SyntaxError as error:
        if not _NEWER.search(text):
            raise NotAnalysed(described(error)) from error
        return _parse_newer(text, error)
    except (ValueError, LookupError) as error:
        raise NotAnalysed(f"does not parse: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise NotAnalysed("nested too deeply") from error


def host_parse(text: str) -> ast.Module:
    """`ast.parse` without warnings about the reviewed code. Raises what `ast.parse` raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def described(error: SyntaxError) -> str:
    """A syntax error as the report words it."""
    return f"does not parse: line {error.lineno or 1}: {error.msg}"


def _parse_newer(text: str, error: SyntaxError) -> ast.Module:
    # Imported here: libcst costs a quarter of a second, and most reviews need none.
    from rules.parsing.newer_syntax import parse_newer

    try:
        return parse_newer(text, error)
    except NotAnalysed:
        raise
    except (RecursionError, MemoryError) as deep:
        raise NotAnalysed("nested too deeply") from deep
    except Exception as fault:
        raise NotAnalysed(f"newer syntax that could not be rewritten: {type(fault).__name__}") from fault
