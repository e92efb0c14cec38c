"""What hashes passwords, and whether it holds: the parameters of OWASP's password storage cheat sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.evaluation.values import Const, Operation, Sequence, Value
from rules.project.isolation.terms import constant_text
from rules.project.taint.library_calls import LibraryCall
from rules.rule import Severity

HASHERS = frozenset(
    {
        "bcrypt",
        "argon2",
        "passlib",
        "pwdlib",
        "werkzeug",
        "django",
        "libpass",
        "fastapi_users",
        "nacl",
        "scrypt",
    }
)
SETS_UP = frozenset(
    {"CryptContext", "gensalt", "BcryptHasher", "PasswordHasher", "Argon2Hasher", "pbkdf2_hmac", "scrypt"}
)
"""The last names of calls that `weak_hasher` judges."""
_FAST = re.compile(
    r"^hashlib\.(md5|sha1|sha224|sha256|sha384|sha512|sha3_\w+|blake2[bs]|new)(\.update)?$"
    r"|^hmac\.(new|digest|HMAC)(\.update)?$|^zlib\.(crc32|adler32)$|^Crypto(dome)?\.Hash\."
    r"|^cryptography\.hazmat\.primitives\.hashes\.|^passlib\.hash\.(hex_\w+|md5_crypt|plaintext|ldap_\w+|"
    r"des_crypt|nthash|lmhash|sha1_crypt|mysql\w+)\.(hash|encrypt)$|^werkzeug\.security\.safe_str_cmp$"
)
_WEAK_SCHEMES = re.compile(
    r"md5|sha1|^hex_|plaintext|des_crypt|bsdi|bigcrypt|crypt16|lmhash|nthash|mssql|mysql|oracle|msdcc|cisco|"
    r"^ldap_sha1|salted_sha",
)
_OLD_SCHEMES = frozenset({"sha256_crypt", "sha512_crypt", "phpass"})
_PBKDF2 = {"sha1": 1_300_000, "sha256": 600_000, "sha512": 210_000}
_ARGON2_WORK = 2 * 19_456
_BCRYPT_ROUNDS = 10
_SCRYPT_COST = 2**14


@dataclass(frozen=True, slots=True)
class Weakness:
    """What is wrong with a hasher."""

    phrase: str
    severity: Severity


def is_fast(call: LibraryCall) -> bool:
    """Whether a call hashes fast: made for files, so that billions of guesses a second can be tried."""
    return _FAST.match(call.name) is not None


def weak_hasher(call: LibraryCall) -> Weakness | None:
    """What is wrong with how a call sets a password hasher up; None where nothing is, or it is none."""
    if call.method == "CryptContext" and call.library in {"passlib", "libpass"}:
        return _context(call)
    if call.name == "bcrypt.gensalt" or call.name.endswith("BcryptHasher"):
        return _cost("bcrypt", "rounds", call.argument(0, "rounds"), _BCRYPT_ROUNDS)
    if call.name == "argon2.PasswordHasher" or call.name.endswith("Argon2Hasher"):
        return _argon2(call)
    if call.name == "hashlib.pbkdf2_hmac":
        name = constant_text(call.argument(0, "hash_name")) or ""
        return _cost("PBKDF2", "iterations", call.argument(3, "iterations"), _PBKDF2.get(name, 210_000))
    if call.name == "hashlib.scrypt":
        return _cost("scrypt", "n", call.argument(9, "n"), _SCRYPT_COST)
    return None


def _context(call: LibraryCall) -> Weakness | None:
    schemes = call.argument(0, "schemes")
    named = [constant_text(s) for s in schemes.items] if isinstance(schemes, Sequence) else []
    default = constant_text(call.arguments.keywords.get("default")) or (named[0] if named else None)
    if default is None:
        return None
    if _WEAK_SCHEMES.search(default):
        severity = Severity.CRITICAL if "plaintext" in default else Severity.HIGH
        return Weakness(f"`{default}` is no hash for passwords", severity)
    if default in _OLD_SCHEMES:
        return Weakness(f"`{default}` is outdated", Severity.LOW)
    return _cost("bcrypt", "rounds", call.arguments.keywords.get("bcrypt__rounds"), _BCRYPT_ROUNDS)


def _argon2(call: LibraryCall) -> Weakness | None:
    time, memory = _number(call.argument(0, "time_cost"), 3), _number(call.argument(1, "memory_cost"), 65_536)
    if time is None or memory is None or time * memory >= _ARGON2_WORK:
        return None
    return Weakness(
        f"Argon2 with `time_cost={time}` and `memory_cost={memory}` is too cheap", Severity.MEDIUM
    )


def _cost(name: str, parameter: str, given: Value | None, least: int) -> Weakness | None:
    number = _number(given, None)
    if number is None or number >= least:
        return None
    return Weakness(f"{name} with `{parameter}={number}` is too cheap (at least {least})", Severity.MEDIUM)


def _number(value: Value | None, default: int | None) -> int | None:
    if value is None:
        return default
    if isinstance(value, Operation) and value.operator == "**":
        base, exponent = (_number(operand, None) for operand in value.operands[:2])
        return base**exponent if base is not None and exponent is not None and 0 <= exponent < 64 else None
    if isinstance(value, Const) and isinstance(value.value, int) and not value.configurable:
        return value.value
    return None
