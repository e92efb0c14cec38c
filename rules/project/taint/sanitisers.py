"""Library calls after which the client's data is harmless: for every danger, or for one of them."""

from __future__ import annotations

import re

from rules.evaluation.values import Application, Const, Value
from rules.project.taint.closed_types import is_closed_pattern
from rules.project.taint.dangers import Danger
from rules.project.taint.library_calls import LibraryCall

_EVERYWHERE = frozenset(
    {
        "base64.urlsafe_b64encode", "base64.b32encode", "base64.b16encode", "binascii.hexlify",
        "slugify.slugify",
        "builtins.open", "werkzeug.utils.secure_filename", "pathvalidate.sanitize_filename",
    }
)  # fmt: skip
_ENDS = frozenset(
    {
        "isalnum", "isalpha", "isdigit", "isdecimal", "isnumeric", "isidentifier", "startswith",
        "endswith", "count",
        "index", "find", "rfind", "read_text", "read_bytes", "iterdir", "glob", "rglob", "stat", "exists",
        "is_file",
        "is_dir", "hexdigest", "digest", "timestamp", "total_seconds", "keys", "hex", "bit_length", "__len__",
        "is_relative_to", "fullmatch", "search",
    }
)  # fmt: skip
_QUOTING = frozenset({"urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urlencode"})
_ESCAPES = frozenset(
    {
        "html.escape", "markupsafe.escape", "markupsafe.Markup.escape", "bleach.clean", "nh3.clean",
        "nh3.clean_text",
        "xml.sax.saxutils.escape", "xml.sax.saxutils.quoteattr", "jinja2.escape", "markupsafe.escape_silent",
        "lxml.html.clean.clean_html", "cgi.escape", "tornado.escape.xhtml_escape", "django.utils.html.escape",
        "bleach.linkify", "html_sanitizer.Sanitizer.sanitize", "justhtml.sanitize",
    }
)  # fmt: skip
_BY_DANGER: dict[Danger, frozenset[str]] = {
    Danger.HTML: _ESCAPES | _QUOTING,
    Danger.SQL: _QUOTING
    | {
        "psycopg.sql.Identifier", "psycopg.sql.Literal", "psycopg.sql.Placeholder", "psycopg2.sql.Identifier",
        "psycopg2.sql.Literal", "psycopg2.sql.Placeholder", "psycopg2.extensions.quote_ident",
        "asyncpg.utils._quote_ident",
        "asyncpg.utils._quote_literal", "sqlalchemy.sql.quoted_name",
    },
    Danger.URL: _QUOTING,
    Danger.REDIRECT: _QUOTING,
    Danger.PATH: frozenset({"os.path.basename", "ntpath.basename", "posixpath.basename"}) | _QUOTING,
    Danger.SHELL: frozenset({"shlex.quote", "shlex.join", "pipes.quote", "shlex.split"}),
    Danger.CODE: frozenset({"shlex.quote"}),
    Danger.OBJECT: frozenset(),
    Danger.TEMPLATE: frozenset(),
}  # fmt: skip
_BY_METHOD: dict[Danger, frozenset[str]] = {
    Danger.SQL: frozenset(
        {"bindparams", "quote_identifier", "escape_literal", "literal", "mogrify", "quote"}
    ),
    Danger.HTML: frozenset({"escape"}),
    Danger.URL: frozenset(),
    Danger.REDIRECT: frozenset({"url_for", "url_path_for"}),
}
FILE_PARTS = frozenset({"name", "stem", "suffix", "suffixes"})
"""Parts of a `pathlib` path that hold no folder."""

_CONTENTS = frozenset({"BytesIO", "StringIO", "read", "SpooledTemporaryFile", "readlines", "getvalue"})
"""Calls that give the content of a file, which is no path."""

_OPEN_CLASS = re.compile(r"^\[\^[\w\s\\\-.]*\][+*]?$|^\\W[+*]?$|^\[\\W[\w_]*\][+*]?$")


def cleans(call: LibraryCall, danger: Danger) -> bool:
    """Whether what a call gives cannot do harm of one kind."""
    if call.name in _EVERYWHERE or call.method in _ENDS or call.name in _BY_DANGER.get(danger, ()):
        return True
    if call.method in _BY_METHOD.get(danger, ()):
        return True
    if danger is Danger.PATH and (call.method in FILE_PARTS or call.method in _CONTENTS):
        return True
    return call.library == "re" and _strips(call)


def _strips(call: LibraryCall) -> bool:
    """Whether a regular expression takes out everything but words, or lets nothing else through."""
    pattern = _pattern(call)
    if call.method in {"sub", "subn"}:
        return _OPEN_CLASS.match(pattern) is not None
    return is_closed_pattern(pattern)


def _pattern(call: LibraryCall) -> str:
    compiled = call.receiver
    if isinstance(compiled, Application) and compiled.arguments.positional:
        return _text(compiled.arguments.positional[0])
    return _text(call.arguments.get(0, "pattern"))


def _text(value: Value | None) -> str:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""
