from __future__ import annotations

import pytest

from rules.evaluation.values import External
from rules.finding import Place
from rules.project.annotations import Shape
from rules.project.isolation.secrets import Secret, secret_column, secret_field, secret_name
from rules.project.schema.columns import Column, ColumnType, ForeignKey


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hashed_password", Secret.PASSWORD),
        ("password_hash", Secret.PASSWORD),
        ("hashedPassword", Secret.PASSWORD),
        ("client_secret", Secret.KEY),
        ("api_key", Secret.KEY),
        ("totp_secret", Secret.KEY),
        ("refresh_token", Secret.TOKEN),
        ("reset_code", Secret.TOKEN),
        ("ssn", Secret.PERSONAL),
        ("token_type", None),
        ("has_password", None),
        ("password_changed_at", None),
        ("secretary", None),
        ("key", None),
        ("code", None),
    ],
)
def test_names_of_secrets(name: str, kind: Secret | None) -> None:
    assert secret_name(name) is kind


@pytest.mark.parametrize("kind", ["pydantic.SecretStr", "builtins.bool", "datetime.datetime"])
def test_types_that_mask_or_cannot_hold_a_secret(kind: str) -> None:
    assert secret_field("password", Shape(External(kind))) is None
    assert secret_field("password", Shape(External("builtins.str"))) is Secret.PASSWORD


def test_columns_that_refer_to_another_table_or_count_are_none() -> None:
    place = Place("app/models.py", 1)
    assert secret_column(Column(name="api_key", place=place, type=ColumnType("String"))) is Secret.KEY
    assert secret_column(Column(name="token", place=place, type=ColumnType("Integer"))) is None
    linked = Column(name="api_key", place=place, foreign_keys=(ForeignKey("keys.id"),))
    assert secret_column(linked) is None
