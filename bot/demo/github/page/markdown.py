"""GitHub's Markdown as safe HTML: a few allowed tags without attributes; all else is shown as text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

TAG = re.compile(r"<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>", re.DOTALL)
ALLOWED = frozenset(
    (
        "details",
        "summary",
        "br",
        "hr",
        "sub",
        "sup",
        "kbd",
        "b",
        "i",
        "em",
        "strong",
        "code",
        "del",
        "ins",
        "p",
        "ul",
        "li",
    )
)


def filtered(html: str) -> str:
    """Allowed tags without attributes (but `open` of details), comments dropped, everything else escaped."""
    parts: list[str] = []
    place = 0
    for match in TAG.finditer(html):
        parts.append(str(escape(html[place : match.start()])))
        parts.append(_tag(match))
        place = match.end()
    parts.append(str(escape(html[place:])))
    return "".join(parts)


def _tag(match: re.Match[str]) -> str:
    text, name, attributes = match[0], (match[1] or "").lower(), match[2] or ""
    if text.startswith("<!--"):
        return ""
    if name not in ALLOWED:
        return str(escape(text))
    if text.startswith("</"):
        return f"</{name}>"
    is_open = name == "details" and attributes.strip() == "open"
    return "<details open>" if is_open else f"<{name}>"


def _html(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _environment: EnvType,
) -> str:
    return filtered(tokens[index].content)


def _fence(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    environment: EnvType,
) -> str:
    token = tokens[index]
    language = token.info.strip().split(" ")[0]
    if language != "suggestion":
        return f'<pre class="code {escape(language)}"><code>{escape(token.content)}</code></pre>'
    added = token.content.removesuffix("\n").split("\n") if token.content else []
    rows = [
        *(("removed", "-", line) for line in environment["replaced"]),
        *(("added", "+", line) for line in added),
    ]
    shown = "".join(f'<div class="{kind}">{mark} {escape(line)}</div>' for kind, mark, line in rows)
    return f'<div class="suggestion"><div class="suggestion-title">Suggested change</div>{shown}</div>'


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for name, rule in (("html_block", _html), ("html_inline", _html), ("fence", _fence)):
        markdown.add_render_rule(name, rule)
    return markdown


MARKDOWN = _build()


def render(text: str, *, replaced: Sequence[str] = ()) -> Markup:
    """HTML of a comment; `replaced` are the lines that a suggestion in it stands for."""
    return Markup(MARKDOWN.render(text, {"replaced": replaced}))  # noqa: S704 - markdown-it escapes, `filtered` the rest
