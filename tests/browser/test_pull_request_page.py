"""The local GitHub's page of a pull request, in a real browser."""

from __future__ import annotations

from tests.browser.chromium import browser_page
from tests.github.fixtures import github
from tests.github.scene import Scene, scene

__all__ = ["github", "scene"]

HOSTILE = "**Bad** <script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"


def test_a_review_and_its_check_run_are_shown_and_nothing_in_them_runs(scene: Scene) -> None:
    suggestion = "```suggestion\nline 5\n```"
    anchor = {"path": "notes.txt", "line": 5, "side": "RIGHT"}
    assert scene.reviewing({**anchor, "body": f"{HOSTILE}\n\n{suggestion}"}).status_code == 200
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    summary = f"# Report\n\n{table}\n\n<details><summary>More</summary>\n\n{HOSTILE}\n\n</details>"
    output = {"title": "1 problem introduced", "summary": summary}
    assert scene.check_run(status="completed", conclusion="failure", output=output).status_code == 201
    address = f"{scene.github.url}/{scene.repository.full_name}/pull/{scene.pull.number}"
    with browser_page() as page:
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        answer = page.goto(address)
        text = page.inner_text("body")
        title, scripts = page.title(), page.locator("script").count()
        overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert answer is not None
    assert answer.status == 200
    assert "1 problem introduced" in text
    assert "line five" in text
    assert title != "owned"
    assert (scripts, problems, overflow) == (0, [], False)
