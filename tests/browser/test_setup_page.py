"""The set-up page in a real browser, from its link over GitHub to the installed App."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from bot.demo.github import LocalGitHub
from tests.bot.setting_up import serving
from tests.browser.chromium import browser_page
from tests.github.fixtures import github

__all__ = ["github"]


def labelled(page: Page) -> list[str]:
    """Fields without a label, and headings that a page has not exactly once."""
    fields = page.locator("input:not([type=hidden]), textarea").all()
    found = [
        str(field.get_attribute("id"))
        for field in fields
        if not field.evaluate("field => field.labels.length")
    ]
    return [*found, *(["h1"] if page.locator("h1").count() != 1 else [])]


def wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.thorough
def test_a_person_sets_the_app_up_without_scripts(github: LocalGitHub) -> None:
    repository = github.create_repository("octo-org/shop")
    github.push(repository, "main", {"README.md": "# Shop\n"}, "Begin")
    problems: list[str] = []
    with serving(github, WELCOME="false") as serve, browser_page(width=420) as page:
        page.on("console", lambda message: problems.append(message.text))
        page.goto(serve.link())
        assert page.url.endswith("/setup"), "the token does not stay in the address"
        assert labelled(page) == []
        assert not wide(page)
        page.get_by_label("Name of the App").fill("")
        page.get_by_role("button", name="Continue").click()
        assert "needs a name" in page.inner_text("[role=alert] ~ form")
        page.get_by_label("Name of the App").fill("Browser's Reviewer")
        page.get_by_role("button", name="Continue").click()
        assert "pull requests: write" in page.inner_text("table")
        assert not wide(page)
        page.get_by_role("button", name=re.compile("Continue to")).click()
        assert page.url.startswith(github.url)
        page.get_by_role("button", name="Create GitHub App for me").click()
        assert page.inner_text("h1") == "The App is registered"
        assert page.locator("script").count() == 0
        serve.printed(r"(Listening for deliveries on )")
        page.get_by_role("link", name="Install browser-s-reviewer").click()
        page.get_by_label("octo-org/shop").check()
        page.get_by_role("button", name="Install").click()
        page.wait_for_url("**/installed?*", timeout=60_000)
        assert page.inner_text("h1") == "The App is installed"
        assert not wide(page)
    expected = re.compile("422")
    assert [text for text in problems if not expected.search(text)] == []
    (installation,) = github.state.installations.values()
    assert installation.repository_ids == {repository.id}
