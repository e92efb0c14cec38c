from __future__ import annotations

from rules.configuration import Options
from rules.engine import review_here
from tests.rules.marked import Mark, cases, examples
from tests.rules.sources import NO_BAD_CALLS, engine

DOCUMENT = """\
# bad-call

Shared by all:

```python
# app/db.py
x = 1
```

## What is one

### called at the top
```python
bad()  # finding
```

### called twice, in two files
```python
# app/main.py
bad()  # finding: BA199 high
```
```sql db/schema.sql
create table a (id int)  -- finding: BA156 low, BA199
```

## What is none

### named only
```python
bad
```
"""


def test_cases_are_projects_with_marks() -> None:
    first, second, third = cases(DOCUMENT, "BA199")
    assert (first.title, list(first.tree)) == ("called at the top", ["app/db.py", "app/main.py"])
    assert first.marks == (Mark("app/main.py", 1, "BA199", ""),)
    assert second.marks == (
        Mark("app/main.py", 2, "BA199", "high"),
        Mark("db/schema.sql", 1, "BA156", "low"),
        Mark("db/schema.sql", 1, "BA199", ""),
    )
    assert second.codes("BA199") == ("BA156", "BA199")
    assert third.marks == ()


def test_examples_with_paths_are_one_project_and_others_stand_alone() -> None:
    section = (
        "```python\n# app/a.py\nx\n```\n```python\n# app/b.py\ny\n```\n```python\nz\n```\n```python\nw\n```\n"
    )
    assert [list(project.tree) for project in examples(section, "BA199")] == [
        ["app/a.py", "app/b.py"],
        ["app/main.py"],
        ["app/main.py"],
    ]


def test_differences_name_what_is_missing_wrong_and_doubted() -> None:
    text = "```python\nbad()  # finding\nbad\nbad()\nbad  # finding\nbad()  # finding: BA199 low\n```"
    (project,) = examples(text, "BA199")
    review = review_here(engine(NO_BAD_CALLS), project.tree, Options())
    assert project.differences(review) == ["app/main.py:4: BA199 is missing", "app/main.py:3: BA199 is wrong"]
    (doubted,) = examples("```python\nbad()  # finding: BA199 low\n```", "BA199")
    review = review_here(engine(NO_BAD_CALLS), doubted.tree, Options())
    assert doubted.differences(review) == ["app/main.py:1: BA199 is not of low confidence"]
