"""Faults for applications that handle tokens, passwords, secrets and the client's data soundly.

Fixed from the catalogue before any rule was run on the applications. An operator applies wherever its
pattern stands, once for each place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOLD = """    if {who} is None:
        raise HTTPException(404, detail="This {who} is not known")
"""
OPERATORS = [
    ("BA312", "expiry left out", r', "exp": now \+ life', ""),
    ("BA312", "time of issue left out", r', "iat": now', ""),
    ("BA312", "subject left out", r'"sub": subject, ', ""),
    ("BA312", "expiry not dumped", r"claims\.model_dump\(\)", 'claims.model_dump(exclude={"exp"})'),
    ("BA312", "subject not dumped", r"claims\.model_dump\(\)", 'claims.model_dump(exclude={"sub"})'),
    ("BA313", "signature not verified", r'\{"require": \["exp", "sub"\]\}', '{"verify_signature": False}'),
    ("BA313", "expiry not verified", r'\{"require": \["exp", "sub"\]\}', '{"verify_exp": False}'),
    (
        "BA313",
        "audience not verified",
        r"audience=settings\.audience,\n(\s+)\)",
        r'options={"verify_aud": False},\n\1)',
    ),
    (
        "BA313",
        "signature not verified",
        r"audience=settings\.audience,\n(\s+)\)",
        r'options={"verify_signature": False},\n\1)',
    ),
    ("BA314", "algorithm none accepted", r'algorithms=\[(ALGORITHM|"HS256")\]', r'algorithms=[\1, "none"]'),
    (
        "BA314",
        "algorithm taken from the token",
        r'algorithms=\[(ALGORITHM|"HS256")\]',
        'algorithms=[jwt.get_unverified_header(token)["alg"]]',
    ),
    ("BA314", "families mixed", r'algorithms=\[(ALGORITHM|"HS256")\]', r'algorithms=[\1, "RS256"]'),
    ("BA314", "signed with none", r"algorithm=(ALGORITHM|settings\.algorithm)\)", 'algorithm="none")'),
    (
        "BA315",
        "used token not kept",
        r"    db\.add\(UsedToken\(id=claims\[\"jti\"\]\)\)\n    db\.commit\(\)\n",
        "",
    ),
    ("BA315", "used token not looked up", r' or db\.get\(UsedToken, claims\["jti"\]\) is not None', ""),
    (
        "BA315",
        "old token not revoked",
        r'    documents\.revoke\(claims\["jti"\]\)\n    return \{',
        "    return {",
    ),
    ("BA315", "kind of token not asked", r'claims\.get\("use"\) != "refresh" or ', ""),
    ("BA315", "kind of token not asked", r'claims\["kind"\] != "(refresh|access)" or ', ""),
    ("BA316", "fast hash", r"hashlib\.scrypt\(.*\)", "hashlib.sha256(password.encode() + salt).digest()"),
    (
        "BA316",
        "fast hash",
        r'hashlib\.pbkdf2_hmac\("sha256", (password\.encode\(\)), salt, ROUNDS\)',
        r"hashlib.md5(\1 + salt).digest()",
    ),
    ("BA316", "no hash", r"hashlib\.scrypt\(.*\)", "password.encode()"),
    ("BA316", "low cost", r"n=2\*\*14", "n=2**4"),
    ("BA316", "few rounds", r"ROUNDS = 600_000", "ROUNDS = 1_000"),
    (
        "BA317",
        "key in the source",
        r'os\.environ\["BOOKINGS_SECRET"\]',
        '"mE8Zq1-orchid-77-lantern-Vk20-harbor"',
    ),
    (
        "BA317",
        "key with a default",
        r'os\.environ\["BOOKINGS_SECRET"\]',
        'os.environ.get("BOOKINGS_SECRET", "mE8Zq1-orchid-77-lantern-Vk20-harbor")',
    ),
    ("BA317", "default not refused", r'if value == "only-here":', "if not value:"),
    (
        "BA317",
        "key in the source",
        r"settings\.documents_secret,\n",
        '"mE8Zq1-orchid-77-lantern-Vk20-harbor",\n',
    ),
    ("BA318", "value in the text", r'text\("(SELECT .* = ):(\w+)"\)', r"""text(f"\1'{\2}'")"""),
    ("BA318", "value in the text", r"LIKE :word ORDER", "LIKE '{word}' ORDER"),
    ("BA318", "allow-list removed", r"if order not in SORTABLE:", "if not order:"),
    ("BA319", "any origin", r'\["https://(bookings|documents)\.example\.com"\]', '["*"]'),
    (
        "BA319",
        "origin without TLS",
        r'\["https://(bookings|documents)\.example\.com"\]',
        r'["http://\1.example.org"]',
    ),
    ("BA319", "any host of that ending", r'r"https://\(\[\\w-\]\+\\\.\)\?', 'r"https://.*'),
    ("BA320", "escape removed", r"html\.escape\((\w+)\)", r"\1"),
    ("BA320", "escaping switched off", r"autoescape=True", "autoescape=False"),
    (
        "BA321",
        "text of the exception sent",
        r'\{"detail": "Something went wrong"\}',
        '{"detail": str(error)}',
    ),
    ("BA321", "text of the exception sent", r'detail="This did not work"', 'detail=f"failed: {error!r}"'),
    (
        "BA322",
        "password logged",
        r'%d characters", account\.id, len\(password\)',
        r'%s", account.id, password',
    ),
    (
        "BA322",
        "password logged",
        r'given=given\.model_dump\(exclude=\{"password"\}\)',
        "password=given.password.get_secret_value()",
    ),
    ("BA322", "headers logged", r'request\.headers\.get\("user-agent"\)', "dict(request.headers)"),
    ("BA322", "credential logged", r'headers\.get\("user-agent"\)', 'headers.get("authorization")'),
    ("BA323", "password in the query", r"password: Annotated\[str, Form\(\)\]", "password: str"),
    ("BA324", "tries not limited", r", dependencies=\[Depends\(few_at_a_time\)\]", ""),
    ("BA324", "tries not limited", r"    limiter\.check\(given\.\w+\)\n", ""),
    ("BA324", "nobody is turned away", r"raise HTTPException\(429, .*", 'logger.warning("many tries")'),
    ("BA325", "scripts may read the cookie", r"httponly=True,\s*", ""),
    ("BA325", "cookie sent in the clear", r"secure=True,\s*", ""),
    ("BA325", "debugging on", r"debug=settings\.debug", "debug=True"),
    ("BA325", "debugging on by default", r"debug: bool = False", "debug: bool = True"),
    ("BA325", "certificates not verified", r"timeout=5\)", "timeout=5, verify=False)"),
    ("BA326", "hosts not asked", r"if urlparse\(url\)\.hostname not in WEBHOOK_HOSTS:", "if not url:"),
    ("BA326", "only the scheme asked", r"startswith\(CALLBACKS\)", 'startswith("https://")'),
    ("BA326", "not looked up", r"MIRRORS\[region\]", "region"),
    ("BA326", "name of the client kept", r'os\.path\.basename\((file\.filename or "unnamed")\)', r"(\1)"),
    ("BA326", "name of the client kept", r'Path\((file\.filename or "unnamed")\)\.name', r"(\1)"),
    ("BA326", "folder not asked", r"if not target\.is_relative_to\(\w+\):", "if not target.exists():"),
    ("BA326", "any page", r'if to not in (RETURN_TO|\("/", "/titles"\)):', "if not to:"),
    ("BA327", "allow-list removed", r"if kind not in (REPORTS|FORMATS):", "if not kind:"),
    ("BA327", "quoting removed", r"shlex\.quote\((\w+)\)", r"\1"),
    ("BA327", "shell used", r'\["(tar|zip)", .*?, name\]', r'f"\1 {name}", shell=True'),
    ("BA327", "any object loaded", r"yaml\.safe_load\(", "yaml.unsafe_load("),
    ("BA327", "any object loaded", r"yaml\.SafeLoader", "yaml.UnsafeLoader"),
    ("BA327", "any object loaded", r"json\.loads\(", "yaml.unsafe_load("),
    ("BA327", "text evaluated", r"ast\.literal_eval\(", "eval("),
    (
        "BA329",
        "unknown accounts told",
        r"    salt = account\.salt if account else bytes\(16\)\n",
        _TOLD.format(who="account") + "    salt = account.salt\n",
    ),
    (
        "BA329",
        "unknown accounts told",
        r"    salt, digest = \(person\.salt.*\n",
        _TOLD.format(who="person") + "    salt, digest = person.salt, person.digest\n",
    ),
]
"""Rule, name, pattern and replacement of each operator."""

RULES = frozenset(rule for rule, *_ in OPERATORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A tree with one fault; `line` is where it begins in `path`."""

    rule: str
    operator: str
    path: str
    line: int
    tree: dict[str, str]

    @property
    def title(self) -> str:
        return f"{self.rule} {self.operator} at {self.path}:{self.line}"


def mutations(tree: Mapping[str, str]) -> Iterator[Mutation]:
    """Every mutation of a sound tree."""
    for rule, name, pattern, replacement in OPERATORS:
        for path, text in tree.items():
            for match in re.finditer(pattern, text):
                changed = text[: match.start()] + match.expand(replacement) + text[match.end() :]
                line = text.count("\n", 0, match.start()) + 1
                yield Mutation(rule=rule, operator=name, path=path, line=line, tree={**tree, path: changed})
