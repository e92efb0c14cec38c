"""The sizes that GitHub accepts, refused with its own words."""

from __future__ import annotations

from typing import Any

from bot.demo.github.refusal import invalid_request, validation_failed

LONGEST_OUTPUT = 65_535
LONGEST_COMMENT = 65_536
MOST_ANNOTATIONS = 50
MOST_ACTIONS = 3
ACTION_TEXTS = {"label": 20, "description": 40, "identifier": 20}


def check_text(value: Any, limit: int) -> None:
    if isinstance(value, str) and len(value) > limit:
        raise invalid_request(f"Only {limit} characters are allowed; {len(value)} were supplied.")


def check_count(values: Any, limit: int) -> None:
    if isinstance(values, list) and len(values) > limit:
        raise invalid_request(f"No more than {limit} items are allowed; {len(values)} were supplied.")


def check_comment(resource: str, body: str) -> None:
    if len(body) > LONGEST_COMMENT:
        raise validation_failed(
            resource, "body", f"body is too long (maximum is {LONGEST_COMMENT} characters)"
        )


def check_output(output: dict[str, Any]) -> None:
    """Refuse texts that are too long, more than 50 annotations, or an annotation that is incomplete."""
    for name in ("summary", "text"):
        check_text(output.get(name), LONGEST_OUTPUT)
    annotations = output.get("annotations") or []
    check_count(annotations, MOST_ANNOTATIONS)
    for annotation in annotations:
        _check_annotation(annotation)


def _check_annotation(annotation: dict[str, Any]) -> None:
    for name in ("path", "start_line", "end_line", "annotation_level", "message"):
        if name not in annotation:
            raise invalid_request(f'"{name}" wasn\'t supplied.')
    if annotation["annotation_level"] not in ("notice", "warning", "failure"):
        raise invalid_request(
            f"{annotation['annotation_level']} is not a member of [notice, warning, failure]."
        )
    if not 1 <= annotation["start_line"] <= annotation["end_line"]:
        raise invalid_request("start_line must precede or equal end_line.")
    has_columns = annotation.get("start_column") is not None or annotation.get("end_column") is not None
    if has_columns and annotation["start_line"] != annotation["end_line"]:
        raise invalid_request("Columns are allowed only where start_line and end_line are the same.")


def check_actions(actions: list[dict[str, Any]]) -> None:
    check_count(actions, MOST_ACTIONS)
    for action in actions:
        for name, limit in ACTION_TEXTS.items():
            if name not in action:
                raise invalid_request(f'"{name}" wasn\'t supplied.')
            check_text(action[name], limit)
