from __future__ import annotations

from rules.configuration import Options
from tools.documentation.configuration_pages import configuration_pages
from tools.documentation.page import cell
from tools.documentation.rules_page import _nested, rules_page


def test_every_key_of_the_configuration_is_described() -> None:
    page, schema = configuration_pages()
    for key in Options.__struct_encode_fields__:
        assert f"### `{key}`" in page.text
        assert f'"{key}"' in schema.text


def test_headings_of_a_rule_go_below_its_own_and_code_stays() -> None:
    documentation = "Title.\n\n## Why\nwords\n\n```python\n## not a heading\n```\n\n## Fix\nmore"
    assert _nested(documentation) == (
        "Title.\n\n#### Why\nwords\n\n```python\n## not a heading\n```\n\n#### Fix\nmore"
    )


def test_a_cell_does_not_end_early() -> None:
    assert cell("a | b\nc") == "a \\| b c"


def test_every_rule_has_its_place_on_the_page() -> None:
    import rules

    text = rules_page().text
    for registered in rules.catalog_rules():
        assert f"\n### {registered.rule.code} {registered.name}\n" in text
        assert f"](#{registered.rule.code.lower()}-{registered.name})" in text
    assert text.startswith("# The rules\n")
