"""Names and messages from a pull request stay text, whatever they hold."""

from __future__ import annotations

from tests.faults.existing import prove
from tests.faults.figures import Figures

NUMBER = "R11"
CRITERION = (
    "an injection corpus, rendered by cmark-gfm: no mention, link or HTML node from a pull request's text"
)


def test_rendering(figures: Figures) -> None:
    assert (
        prove(
            figures,
            "tests/bot/test_render.py::test_prose_from_a_pull_request_stays_text",
            "tests/bot/test_render.py::test_a_message_has_code_and_text_alone",
            "tests/bot/test_render.py::test_a_code_span_is_one_span",
            "tests/bot/test_render.py::test_a_row_keeps_its_cells",
            "tests/bot/test_render.py::test_a_fence_is_not_left",
            "tests/bot/test_render_summary.py::test_hostile_names_do_nothing",
            "tests/bot/test_render_comment.py::test_hostile_names_do_nothing",
            "tests/bot/test_render_comment.py::test_nothing_hidden_is_suggested",
            "tests/bot/test_render.py::test_marks_are_found_again_and_cannot_be_broken",
        )
        == []
    )
