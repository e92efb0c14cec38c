"""Text from a pull request stays text, whatever it says."""

from __future__ import annotations

import cmarkgfm
from hypothesis import given
from hypothesis import strategies as st

from bot.render.markdown import bullets, code, fenced, folded, plain, prose, row
from bot.render.markers import marked, marker
from tests.bot.rendering import TEXTS, Rendered, harmless


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


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_list_has_as_many_items_as_texts(texts: list[str]) -> None:
    rendered = Rendered(bullets(map(plain, texts), len(texts)))
    assert rendered.tags == {"ul", "li"}
    assert rendered.counts["li"] == len(texts)
    assert harmless(rendered)


@given(TEXTS)
def test_what_is_folded_stays_folded(text: str) -> None:
    rendered = Rendered(folded("more", prose(text)) + "\n\nafter")
    assert rendered.tags <= {"details", "summary", "p", "code"}
    assert rendered.counts["details"] == 1
    assert rendered.prose.strip().endswith("after")


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


@given(TEXTS)
def test_a_fence_is_not_left(text: str) -> None:
    rendered = Rendered(f"{fenced(text, 'suggestion')}\n\nafter")
    assert rendered.tags == {"pre", "code", "p"}
    assert rendered.prose.strip() == "after"


def test_marks_are_found_again_and_cannot_be_broken() -> None:
    key = "ba1:1:2:abc:72d3162e-cc78-11e3-81ab-4c9367dc0958"
    assert marked(f"text\n\n{marker('review', key)}", "review") == (key,)
    assert marked(f"{marker('review', key)}\nbelow", "review") == ()
    assert marked(marker("review", key), "finding") == ()
    assert marker("finding", "a --> b").count("-->") == 1


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=32), min_size=1, max_size=50))
def test_one_mark_names_several(fingerprints: list[str]) -> None:
    assert marked(f"text\n\n{marker('finding', *fingerprints)}", "finding") == tuple(fingerprints)
