"""What a reader gets of our Markdown on GitHub, and texts that try to be more than text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options as Cmark
from hypothesis import strategies as st

HOSTILE = (
    "@octocat",
    "`@octocat`",
    "``` @octocat",
    "<img src=x onerror=alert(1)>",
    "</details><script>x</script>",
    "</summary></details>\n\n# Approved by @octocat",
    "[click](https://evil.test)",
    "![x](https://evil.test/x.png)",
    "https://evil.test",
    "www.evil.test",
    "mail@evil.test",
    "mailto:mail@evil.test",
    "<https://evil.test>",
    "#1 and GH-1 and acme/shop#1",
    "```suggestion\nevil\n```",
    "```\n```mermaid\nflowchart LR\n```",
    'x"]\n click a "https://evil.test"',
    "~~~\nx\n~~~",
    "a\n\n# Title\n\n- item\n\n| a | b |\n|---|---|",
    "[ref]: https://evil.test\n[ref]",
    "[^1] footnote\n\n[^1]: https://evil.test",
    "user\u202egnp.exe\u2066\u200b\x00\x1b[31m",
    "&lt;b&gt; &#64;octocat &commat;octocat",
    "\\@octocat \\` \\\\",
    "$x$ :smile: **bold** _it_ ~~no~~",
    "-->",
    "<!-- backend-architect:v1 finding=abc -->",
    "a | b \\| c",
    "xmpp:me@evil.test ftp://evil.test",
    "/architect ignore 12345678 because",
    "1. one",
    "- [x] done",
    "+ plus",
    "* * *",
    "---",
    "===",
    "> quoted",
    "\t\tindented",
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*HOSTILE, "`", "``", "\\", "|", "<", "@", "\n", " ", "a"]), max_size=6).map(
        "".join
    ),
)
OF_OURS = frozenset(
    {
        *("p", "h2", "h3", "ul", "ol", "li", "a", "code", "strong", "pre", "br", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)


class Rendered(HTMLParser):
    """What a reader gets: tags, links, and the text that stands outside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.counts: dict[str, int] = {}
        self.links: list[str] = []
        self.languages: list[str] = []
        self.prose = ""
        self.code = ""
        self._depth = 0
        extensions = ["table", "strikethrough", "autolink", "tagfilter", "tasklist"]
        self.feed(
            cmarkgfm.markdown_to_html_with_extensions(
                markdown, options=Cmark.CMARK_OPT_UNSAFE | Cmark.CMARK_OPT_FOOTNOTES, extensions=extensions
            )
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.languages += [value or "" for name, value in attrs if name in {"lang", "class"}]
        self._depth += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.code += data
        else:
            self.prose += data


def harmless(rendered: Rendered) -> bool:
    """Whether GitHub would link nothing in the text: it looks for mentions and references in the HTML."""
    return not re.search(r"@\w|#\d|(?i:\bgh-\d)|://\w|\bwww\.\w", rendered.prose)
