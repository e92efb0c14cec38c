"""Write the generated pages of `docs/`, or with `--check` say which are stale and exit 1."""

from __future__ import annotations

import sys

from tools.documentation.commands_page import commands_page
from tools.documentation.configuration_pages import configuration_pages
from tools.documentation.page import ROOT, Page
from tools.documentation.reliability_page import reliability_page
from tools.documentation.rules_page import rules_page
from tools.documentation.settings_page import settings_page


def main(arguments: list[str]) -> int:
    """Return the exit code."""
    pages = (rules_page(), *configuration_pages(), settings_page(), commands_page(), reliability_page())
    stale = [page for page in pages if not page.fresh()]
    if arguments == ["--check"]:
        sys.stderr.writelines(f"{_place(page)} is stale; run `make docs`\n" for page in stale)
        return int(bool(stale))
    for page in stale:
        page.path.write_text(page.text, encoding="utf-8")
        sys.stdout.write(f"{_place(page)} written\n")
    return 0


def _place(page: Page) -> str:
    return page.path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
