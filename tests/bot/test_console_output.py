from __future__ import annotations

import itertools
import json
from collections.abc import Mapping

import pytest

from bot.console.output_github import to_workflow_commands
from bot.console.output_json import to_json
from bot.console.output_text import to_text
from bot.console.style import Style, visible
from bot.console.table import aligned, markdown
from bot.console.verdict_document import Shown, Tool, VerdictDocument, shown
from rules.finding import Edit, Finding, Fix, Question, Safety, Suppression, TrailStep
from rules.rule import Confidence, Section, Severity
from rules.verdict import Comparison, Conclusion, Coverage, Gate, Review, RuleCrash, SkippedFile

PLAIN = Style(coloured=False)
COLOURED = Style(coloured=True)
SOURCE = b"@router.get('/x')\ndef read(id: int):\n\treturn session.get(Item, id)\n"

FINDING = Finding(
    rule="BA305",
    name="unscoped-object-access",
    section=Section.SECURITY,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    path="app/items.py",
    line=3,
    column=9,
    end_line=3,
    end_column=30,
    message="Any signed-in user can read any `item`; compare its owner.",
    trail=(TrailStep("app/crud.py", 12, "the query"),),
    guards_searched=("owner filter", "privileged user"),
    cwe=(639, 862),
    owasp=("API1",),
    fingerprint="0123456789abcdef",
    fix=Fix("Compare the owner", Safety.SUGGEST, (Edit("app/items.py", 3, 3, "x\n"),)),
)


def document(
    *findings: Finding,
    coverage: Coverage = Coverage(),  # noqa: B008  frozen
    gate: Gate | None = None,
    sources: Mapping[str, bytes] | None = None,
) -> Shown:
    return Shown(
        document=VerdictDocument(
            tool=Tool("backend-architect", "0.1.0"),
            findings=findings,
            questions=(),
            coverage=coverage,
            gate=gate or Gate(Conclusion.SUCCESS),
        ),
        comparison=Comparison(head=Review(findings=findings, coverage=coverage)),
        sources=sources or {"app/items.py": SOURCE},
    )


def changed(**changes: object) -> Finding:
    return Finding(**{name: getattr(FINDING, name) for name in FINDING.__struct_fields__} | changes)


def test_a_finding_is_shown_with_its_source_and_trail() -> None:
    text = to_text(document(FINDING), PLAIN)
    assert text.startswith(
        "app/items.py:3:9: BA305 unscoped-object-access [critical]\n"
        "  Any signed-in user can read any `item`; compare its owner.\n"
        "  3 |     return session.get(Item, id)\n"
        "    |            ^^^^^^^^^^^^^^^^^^^^^\n"
        "  -> app/crud.py:12  the query\n"
        "  looked for: owner filter, privileged user\n"
        "  fix (suggest): Compare the owner\n"
        "    --- a/app/items.py\n"
        "    +++ b/app/items.py\n"
        "    @@ -2,2 +2,2 @@\n"
        "     def read(id: int):\n"
        "    -    return session.get(Item, id)\n"
        "    +x\n"
    )


def test_the_worst_stands_first_and_others_are_counted() -> None:
    text = to_text(
        document(
            changed(severity=Severity.LOW, line=1, rule="BA206", end_line=1),
            FINDING,
            changed(introduced=False, rule="BA111"),
            changed(suppressed=Suppression("inline", "public"), rule="BA222"),
            coverage=Coverage(files_analysed=1, routes=3, routes_resolved=2),
            gate=Gate(Conclusion.FAILURE, ("BA305 at app/items.py:3",)),
        ),
        PLAIN,
    )
    assert text.index("BA305") < text.index("BA206")
    assert "BA111" not in text
    assert "BA222" not in text
    assert text.endswith(
        "2 findings (1 critical, 1 low); 1 older not shown; 1 suppressed. 1 file analysed, 2 of 3 routes\n"
        "resolved.\n"
        "Apply 2 suggested fixes with --fix --suggested, as far as they can be proved.\n"
        "The project was partly analysed: what was not is no pass.\n"
        "The gate: failure.\n"
        "  - BA305 at app/items.py:3\n"
    )


def test_what_is_not_known_is_said() -> None:
    verdict = document(
        coverage=Coverage(
            files_skipped=(SkippedFile("a.py", "does not parse"),), rules_crashed=(RuleCrash("BA1", "boom"),)
        )
    )
    text = to_text(verdict, PLAIN)
    assert "not analysed a.py: does not parse" in text
    assert "rule failed BA1: boom" in text
    assert "No findings. 0 files analysed" in text
    assert "The project was not analysed: what was not is no pass.\n" in text
    assert "is no pass" not in to_text(document(coverage=Coverage(files_analysed=1)), PLAIN)


def test_many_files_and_reasons_are_folded() -> None:
    skipped = tuple(SkippedFile(f"f{number}.py", "too deep") for number in range(9))
    verdict = document(
        coverage=Coverage(files_skipped=skipped),
        gate=Gate(Conclusion.FAILURE, tuple(f"reason {number}" for number in range(12))),
    )
    text = to_text(verdict, PLAIN)
    assert "not analysed f0.py, f1.py, f2.py, f3.py, f4.py and 4 more: too deep\n" in text
    assert text.endswith("  - reason 9\n  - and 2 more reasons\n")


def test_no_fastapi_is_said() -> None:
    assert to_text(shown(Comparison(head=Review(fastapi=False)), Gate(Conclusion.SUCCESS), {}), PLAIN) == (
        "No file imports FastAPI: there is nothing here to judge.\n"
    )


@pytest.mark.parametrize("style", [PLAIN, COLOURED])
def test_reviewed_text_cannot_steer_the_terminal(style: Style) -> None:
    hostile = changed(message="\x1b[2Jgone\x07 \u202eevil", path="a\x1b[0m.py", line=1, column=5, end_line=1)
    verdict = document(hostile)
    text = to_text(verdict, style)
    for code in ("\x1b[2J", "\x07", "\u202e", "a\x1b[0m"):
        assert code not in text
    assert "\\x1b[2Jgone" in text


def test_a_place_outside_the_source_is_no_crash() -> None:
    far = changed(line=99, end_line=120, column=500, end_column=3)
    assert "app/items.py:99:500" in to_text(document(far), PLAIN)
    wide = changed(line=1, end_line=3, column=400, end_column=1)
    assert "^" in to_text(document(wide), PLAIN)


def test_a_long_line_is_cut_around_what_is_marked() -> None:
    source = b"value = [" + b"1, " * 80 + b"get(Item, id)]\n"
    start = source.index(b"get") + 1
    found = changed(line=1, end_line=1, column=start, end_column=start + 13, trail=(), fix=None)
    shown_ = to_text(
        document(found, gate=Gate(Conclusion.SUCCESS), sources={"app/items.py": source}),
        Style(coloured=False, width=60),
    )
    code, carets = next(pair for pair in itertools.pairwise(shown_.splitlines()) if "^" in pair[1])
    assert len(code) <= 60
    assert code[carets.index("^") : carets.rindex("^") + 1] == "get(Item, id)"
    assert code.startswith("  1 | …")


def test_carets_stand_below_wide_characters() -> None:
    source = "名 = get(Item)\n".encode()
    found = changed(line=1, end_line=1, column=5, end_column=14)
    lines = to_text(document(found, sources={"app/items.py": source}), PLAIN).splitlines()
    marked = next(line for line in lines if "^" in line)
    assert marked == "    | " + " " * 5 + "^" * 9


def test_lines_are_numbered_as_python_does() -> None:
    source = "a = 1\n\x0c\nb = '\u2028'\nget(Item)\n".encode()
    found = changed(line=4, end_line=4, column=1, end_column=4, trail=())
    assert "  4 | get(Item)\n    | ^^^\n" in to_text(document(found, sources={"app/items.py": source}), PLAIN)


def test_a_terminal_is_not_overrun() -> None:
    title, *lines = to_text(document(FINDING), Style(coloured=False, width=50)).splitlines()
    assert title.startswith("app/items.py:3:9: ")
    assert max(map(len, lines)) <= 50


def test_the_offer_names_what_each_option_would_mend() -> None:
    safe = Fix("Close it", Safety.SAFE, (Edit("app/items.py", 1, 1, "x\n"),))
    one = changed(fix=safe)
    assert "1 safe fix: apply with --fix.\n" in to_text(document(one), PLAIN)
    both = to_text(document(one, FINDING), PLAIN)
    assert "Apply 1 safe fix with --fix, and 1 suggested fix with --fix --suggested" in both
    assert "--fix" not in to_text(document(changed(fix=None)), PLAIN)


def test_colour_is_only_added() -> None:
    coloured = to_text(document(FINDING), COLOURED)
    assert "\x1b[31m-    return" in coloured
    assert "\x1b[1;31m" in coloured
    stripped = coloured
    for code in ("1;31", "31", "33", "36", "32", "1", "2", "0"):
        stripped = stripped.replace(f"\x1b[{code}m", "")
    assert stripped == to_text(document(FINDING), PLAIN)


FINDING_IN_JSON = {
    "rule": "BA305",
    "name": "unscoped-object-access",
    "section": "security",
    "severity": "critical",
    "confidence": "high",
    "path": "app/items.py",
    "line": 3,
    "column": 9,
    "end_line": 3,
    "end_column": 30,
    "function": "",
    "message": "Any signed-in user can read any `item`; compare its owner.",
    "trail": [{"path": "app/crud.py", "line": 12, "note": "the query"}],
    "guards_searched": ["owner filter", "privileged user"],
    "cwe": [639, 862],
    "owasp": ["API1"],
    "fingerprint": "0123456789abcdef",
    "introduced": True,
    "suppressed": None,
    "fix": {
        "title": "Compare the owner",
        "safety": "suggest",
        "edits": [{"path": "app/items.py", "start_line": 3, "end_line": 3, "replacement": "x\n"}],
        "proved": False,
    },
}


def test_json_has_the_shape_of_the_contract() -> None:
    comparison = Comparison(
        head=Review(
            findings=(FINDING,),
            questions=(Question("unresolved-include", "a.py", 3, "why"),),
            coverage=Coverage(files_analysed=44, files_skipped=(SkippedFile("b.py", "too large"),)),
        )
    )
    told = json.loads(to_json(shown(comparison, Gate(Conclusion.FAILURE, ("x",)), {}).document))
    assert set(told) == {"tool", "findings", "questions", "coverage", "gate"}
    assert set(told["tool"]) == {"name", "version"}
    assert told["findings"] == [FINDING_IN_JSON]
    assert told["questions"] == [{"kind": "unresolved-include", "path": "a.py", "line": 3, "message": "why"}]
    assert told["coverage"] == {
        "files_analysed": 44,
        "files_skipped": [{"path": "b.py", "reason": "too large"}],
        "routes": 0,
        "routes_resolved": 0,
        "unknown_edges": 0,
        "rules_run": 0,
        "rules_crashed": [],
    }
    assert told["gate"] == {"conclusion": "failure", "reasons": ["x"]}


def test_workflow_commands_escape_what_would_end_them() -> None:
    hostile = changed(message="50% of\n::error::x", path="a,b:c.py")
    commands = to_workflow_commands(document(hostile))
    assert commands == (
        "::error file=a%2Cb%3Ac.py,line=3,endLine=3,col=9,title=BA305 unscoped-object-access"
        "::50%25 of%0A::error::x\n"
    )


def test_workflow_commands_leave_out_what_does_not_count() -> None:
    verdict = document(
        changed(introduced=False),
        changed(suppressed=Suppression("inline", "reason")),
        changed(severity=Severity.INFO),
        changed(severity=Severity.MEDIUM, end_line=0),
        coverage=Coverage(files_skipped=(SkippedFile("a.py", "too large"),)),
        gate=Gate(Conclusion.FAILURE, ("one is open",)),
    )
    levels = [line.split(" ")[0] for line in to_workflow_commands(verdict).splitlines()]
    assert levels == ["::warning", "::notice", "::warning", "::error"]


def test_tables_are_aligned_and_markdown_is_inert() -> None:
    assert aligned(("A", "LONG"), [("1", "x"), ("222", "")], PLAIN) == "A    LONG\n1    x\n222\n"
    assert markdown(("A",), [("a|b`c\n<b>",), ("",)]) == "| A |\n|---|\n| `a\\|b'c\\n<b>` |\n|  |\n"


def test_visible_keeps_letters_and_spells_out_controls() -> None:
    assert visible("naïve 日本\tx") == "naïve 日本    x"
    assert visible("\x1b\u200b\u202e") == "\\x1b\\u200b\\u202e"
