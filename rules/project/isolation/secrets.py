"""Which fields and columns hold a secret, by their names and types."""

from __future__ import annotations

import enum
import re

from rules.evaluation.values import External
from rules.project.annotations import Shape, class_of
from rules.project.schema.columns import Column


class Secret(enum.Enum):
    """The kinds of secrets."""

    PASSWORD = "a password or its hash"  # noqa: S105
    KEY = "a key or secret"
    TOKEN = "a token"  # noqa: S105
    PERSONAL = "an identification or payment number"


_NAMES = {
    Secret.PASSWORD: r"(hashed|hash|encrypted|crypted|user|plain|raw)?_?(password|passwd|pwd|passphrase)"
    r"(_?(hash|hashed|digest|salt|encrypted))?|pw_?hash|hashed_pw|password_bcrypt|secret_question_answer|"
    r"security_answer",
    Secret.KEY: r"(\w+_)?(secret|secret_key|private_key|api_?key|api_?secret|signing_key|encryption_key)"
    r"(_hash)?|access_key|secret_access_key|(totp|otp|mfa|two_factor)_(secret|seed|key)|recovery_codes|"
    r"backup_codes|hashed_(api_?)?key|key_hash",
    Secret.TOKEN: r"(refresh|access|reset|session|auth|bearer|verification|verify|invite|activation|api|"
    r"oauth|id|password_reset|confirmation|remember|device|push|fcm|portal|magic_link|login|personal)_?token(_hash)?|token_hash|hashed_token|token|"
    r"(reset|verification|otp|activation|login|one_time)_code|otp|pin_code",
    Secret.PERSONAL: r"ssn|social_security(_number|_no)?|national_id(_number)?|passport(_number|_no)|"
    r"credit_card(_number)?|card_number|cvv|cvc|tax_id|bank_account(_number)?",
}
_PATTERNS = {kind: re.compile(rf"^({names})$", re.IGNORECASE) for kind, names in _NAMES.items()}
_HARMLESS_TYPES = frozenset(
    {
        "bool", "int", "float", "datetime", "date", "timedelta", "SecretStr", "SecretBytes", "Secret",
        "NoneType", "Literal", "Decimal",
    }
)  # fmt: skip
_HARMLESS_COLUMNS = frozenset(
    {"Boolean", "Integer", "BigInteger", "SmallInteger", "DateTime", "Date", "Float", "Numeric", "Enum"}
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def secret_name(name: str) -> Secret | None:
    """What kind of secret a field of that name holds."""
    spelled = _CAMEL.sub("_", name)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.match(spelled)), None)


def secret_field(name: str, shape: Shape) -> Secret | None:
    """What kind of secret a schema's field holds; types that mask or cannot hold one are none."""
    kind = secret_name(name)
    if not isinstance(shape.base, External) and class_of(shape.base) is not None:
        return None
    if isinstance(shape.base, External) and shape.base.name.rpartition(".")[2] in _HARMLESS_TYPES:
        return kind if kind is Secret.PERSONAL and shape.base.name.endswith("int") else None
    return kind


def secret_column(column: Column) -> Secret | None:
    """What kind of secret a column holds."""
    if column.foreign_keys or (column.type is not None and column.type.name in _HARMLESS_COLUMNS):
        return None
    return secret_name(column.attribute or column.name)
