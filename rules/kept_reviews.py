"""Whole reviews, kept in the fact cache: the same files under the same options need no second review.

A base that several pushes share, a delivery that comes twice and a head that was reviewed before are
answered at once. A review in which anything crashed or was given up is never kept.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from importlib import metadata
from pathlib import Path

import msgspec

from rules.cache import Cache
from rules.configuration.options import Options
from rules.source import content_hash
from rules.tree import Tree, interesting
from rules.verdict import Review

_LIBRARIES = ("libcst", "msgspec", "pathspec", "sqlglot")


@functools.cache
def code_version() -> str:
    """A digest of the host's Python, the libraries that read for us and everything in this package."""
    libraries = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    digest = hashlib.blake2b("\n".join([sys.version, *libraries]).encode(), digest_size=16)
    here = Path(__file__).parent
    for path in sorted(here.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"\0{path.relative_to(here).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(version: str, tree: Tree, options: Options) -> str:
    """What the review of a tree is kept under."""
    digest = hashlib.blake2b(version.encode(), digest_size=16)
    digest.update(msgspec.json.encode(options, order="deterministic"))
    for path in sorted(tree):
        if interesting(path):
            digest.update(f"\0{path}\0{content_hash(tree[path])}".encode("utf-8", "surrogateescape"))
    return f"review-{digest.hexdigest()}"


def kept(cache: Cache, key: str) -> Review | None:
    """The review under that key, if the cache has it whole."""
    data = cache.load([key]).get(key)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Review)
    except msgspec.MsgspecError:
        return None


def keep(cache: Cache, key: str, review: Review) -> None:
    """Keep a review, unless something crashed in it: that may come out otherwise the next time."""
    if review.coverage.rules_crashed:
        return
    cache.store({key: msgspec.msgpack.encode(review)})
