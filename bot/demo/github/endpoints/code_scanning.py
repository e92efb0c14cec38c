"""REST operations of code scanning."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import uuid

from bot.demo.github import git
from bot.demo.github.call import Answer, Call, Endpoint
from bot.demo.github.refusal import Refusal, not_found
from bot.demo.github.shapes.repository import repository_url


def upload(call: Call) -> Answer:
    """Take an analysis; GitHub works on it afterwards."""
    repository = call.repository()
    if not repository.code_scanning:
        raise Refusal(403, "Code Security must be enabled for this repository to use code scanning.")
    sha, ref = call.text("commit_sha"), call.text("ref")
    if not git.has_commit(repository.folder, sha):
        raise not_found()
    try:
        found = json.loads(gzip.decompress(base64.b64decode(call.text("sarif"), validate=True)))
    except (binascii.Error, OSError, ValueError):
        raise Refusal(400, "Bad Request - the SARIF is not gzip in Base64") from None
    analysis = str(uuid.uuid4())
    repository.analyses.append((ref, sha, found))
    url = f"{repository_url(call.hub.url, repository)}/code-scanning/sarifs/{analysis}"
    return Answer(body={"id": analysis, "url": url}, status=202)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/repos/{owner}/{repo}/code-scanning/sarifs",
        answer=upload,
        permission="security_events:write",
    ),
)
