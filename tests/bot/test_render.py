from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as Cmark
from hypothesis import given
from hypothesis import strategies as st

from bot.render.comment import inline_comment
from bot.render.markdown import code, fenced, plain, prose, row
from bot.render.markers import marked, marker
from bot.render.place import CodePage
from bot.render.summary import LONGEST_SUMMARY, summary
from bot.report import Inline, Report
from rules.finding import Finding, Fix, Question, TrailStep
from rules.inventory import MiddlewareRecord, RouteInventory, RouteRecord
from rules.rule import Confidence, Section, Severity
from rules.verdict import Conclusion, Coverage, SkippedFile

PAGE = CodePage("https://github.test/acme/shop", "a" * 40)
HOSTILE = (
    "@octocat",
    "`@octocat`",
    "``` @octocat",
    "<img src=x onerror=alert(1)>",
    "</details><script>x</script>",
    "[click](https://evil.test)",
    "![x](https://evil.test/x.png)",
    "https://evil.test",
    "www.evil.test",
    "mail@evil.test",
    "mailto:mail@evil.test",
    "<https://evil.test>",
    "#1 and GH-1 and acme/shop#1",
    "```suggestion\nevil\n```",
    "~~~\nx\n~~~",
    "a\n\n# Title\n\n- item\n\n| a | b |\n|---|---|",
    "[ref]: https://evil.test\n[ref]",
    "user\u202egnp.exe\u2066\u200b\x00\x1b[31m",
    "&lt;b&gt; &#64;octocat &commat;octocat",
    "\\@octocat \\` \\\\",
    "$x$ :smile: **bold** _it_ ~~no~~",
    "-->",
    "<!-- backend-architect:v1 finding=abc -->",
    "a | b \\| c",
    "xmpp:me@evil.test ftp://evil.test",
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*HOSTILE, "`", "``", "\\", "|", "<", "@", "\n", " ", "a"]), max_size=6).map(
        "".join
    ),
)


class Rendered(HTMLParser):
    """What a reader gets: tags, and the text that stands outside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.prose = ""
        self.code = ""
        self._depth = 0
        extensions = ["table", "strikethrough", "autolink", "tagfilter", "tasklist"]
        self.feed(
            cmarkgfm.markdown_to_html_with_extensions(
                markdown, options=Cmark.CMARK_OPT_UNSAFE, extensions=extensions
            )
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
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


@given(TEXTS)
def test_prose_from_a_pull_request_stays_text(text: str) -> None:
    rendered = Rendered(plain(text))
    assert rendered.tags <= {"p"}
    assert harmless(rendered)


@given(TEXTS)
def test_a_message_has_code_and_text_alone(text: str) -> None:
    rendered = Rendered(prose(text))
    assert rendered.tags <= {"p", "code"}
    assert harmless(rendered)


@given(TEXTS)
def test_a_code_span_is_one_span(text: str) -> None:
    rendered = Rendered(f"x{code(text)}y")
    assert rendered.tags == {"p", "code"}
    assert rendered.prose == "xy\n"


@given(st.lists(TEXTS, min_size=3, max_size=3))
def test_a_row_keeps_its_cells(texts: list[str]) -> None:
    table = "\n".join(
        [row("a", "b", "c"), row("---", "---", "---"), row(code(texts[0]), plain(texts[1]), code(texts[2]))]
    )
    html = cmarkgfm.markdown_to_html_with_extensions(table, extensions=["table"])
    assert html.count("<td>") == 3
    assert html.count("<tr>") == 2


@given(st.text(max_size=80))
def test_a_fence_is_not_left(text: str) -> None:
    rendered = Rendered(f"{fenced(text, 'suggestion')}\n\nafter")
    assert rendered.tags == {"pre", "code", "p"}
    assert rendered.prose.strip() == "after"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_do_nothing_in_a_whole_report(text: str) -> None:
    report = reported(finding(message=text, path=f"app/{text}.py"), text)
    for body in (summary(report, PAGE), inline_comment(report.inline[0], PAGE)):
        rendered = Rendered(body)
        assert rendered.tags <= {
            *("p", "h2", "h3", "ul", "ol", "li", "a", "code", "strong", "pre", "details", "summary"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
        assert all(link.startswith("https://github.test/acme/shop/blob/") for link in rendered.links)
        assert harmless(rendered)
        assert marked(body, "finding") in {(), ("f1",)}
        assert not set("\u202e\u2066\x00\x1b") & set(body)


def test_the_three_sections_stand_in_their_order() -> None:
    text = summary(reported(finding()), PAGE)
    titles = re.findall(r"^## .*$", text, re.MULTILINE)
    assert titles == [
        "## Backend Architecture Validation",
        "## API Correctness Confirmation",
        "## Security & Data Isolation Report",
    ]
    security = text[text.index(titles[2]) :]
    assert "**BA305 unscoped\\-object\\-access** (critical, high confidence)" in security
    assert f"https://github.test/acme/shop/blob/{'a' * 40}/app/items.py#L41-L44" in security


def test_endpoints_questions_and_coverage_are_shown() -> None:
    text = summary(reported(finding()), PAGE)
    assert "`GET /items/{id}`" in text
    assert "Is this public?" in text
    assert "`app/broken.py`: invalid syntax" in text
    assert "1 of 2 endpoints resolved" in text


def test_the_most_severe_comes_first() -> None:
    weak = finding(rule="BA306", severity=Severity.LOW, fingerprint="f2", path="a.py")
    report = with_more(reported(finding()), elsewhere=(weak,))
    text = summary(report, PAGE)
    assert text.index("BA305") < text.index("BA306")


def test_a_report_of_any_size_fits_and_says_what_it_leaves_out() -> None:
    many = tuple(
        finding(fingerprint=f"f{number}", path=f"app/ü{number}.py", message="m`x`" * 150)
        for number in range(900)
    )
    text = summary(with_more(reported(finding()), elsewhere=many), PAGE)
    assert len(text.encode()) <= LONGEST_SUMMARY
    assert re.search(r"… and \d+ more", text)
    assert "901 problems" not in text
    assert "### Coverage" in text


def test_marks_are_found_again_and_cannot_be_broken() -> None:
    key = "ba1:1:2:abc:72d3162e-cc78-11e3-81ab-4c9367dc0958"
    assert marked(f"text\n\n{marker('review', key)}", "review") == (key,)
    assert marked(f"{marker('review', key)}\nbelow", "review") == ()
    assert marked(marker("review", key), "finding") == ()
    assert marker("finding", "a --> b").count("-->") == 1


def finding(
    *,
    rule: str = "BA305",
    severity: Severity = Severity.CRITICAL,
    fingerprint: str = "f1",
    path: str = "app/items.py",
    message: str = "`read_item` returns any user's row; filter by `owner_id`.",
    fix: Fix | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        name="unscoped-object-access",
        section=Section.SECURITY,
        severity=severity,
        confidence=Confidence.HIGH,
        path=path,
        line=41,
        column=5,
        end_line=44,
        end_column=20,
        message=message,
        trail=(TrailStep("app/crud.py", 12, "the query"),),
        guards_searched=("owner filter",),
        cwe=(639,),
        owasp=("API1",),
        fingerprint=fingerprint,
        fix=fix,
    )


def reported(found: Finding, text: str = "plain") -> Report:
    route = RouteRecord(
        app=text,
        methods=("GET",),
        path="/items/{id}" if text == "plain" else text,
        name="read_item",
        handler="app.items.read_item",
        file="app/items.py",
        line=38,
        status_code=None,
        response_model=text,
        include_in_schema=True,
        dependencies=(),
        security_schemes=(),
        auth="none",
        privileged=False,
        scope="unscoped",
        conditions=(),
        resolved=True,
    )
    return Report(
        conclusion=Conclusion.FAILURE,
        title="1 problem introduced",
        reasons=(text,),
        inline=(Inline(finding=found, first=41, last=44),),
        questions=(Question("unresolved-include", "app/main.py", 3, "Is this public?" + text),),
        coverage=Coverage(
            files_analysed=3,
            files_skipped=(SkippedFile("app/broken.py", "invalid syntax"),),
            routes=2,
            routes_resolved=1,
        ),
        routes=RouteInventory((route,), (MiddlewareRecord(text, (text,)),)),
    )


def with_more(report: Report, *, elsewhere: tuple[Finding, ...]) -> Report:
    return Report(
        conclusion=report.conclusion,
        title=report.title,
        inline=report.inline,
        elsewhere=elsewhere,
        questions=report.questions,
        coverage=report.coverage,
        routes=report.routes,
    )
