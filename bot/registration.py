"""What the App asks of GitHub: its permissions and events, the same in `app.yml`, set-up page and doctor.

Installation events come to every App unasked; naming them in a manifest makes the registration fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "write",
        "checks": "write",
        "issues": "write",
        "merge_queues": "read",
    }
)
EVENTS = (
    "pull_request",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "issue_comment",
    "check_run",
    "check_suite",
    "merge_group",
    "repository",
)
CHECK_NAME = "Backend Architect"
HOMEPAGE = "https://github.com/backend-architect/backend-architect"
RULES_PAGE = f"{HOMEPAGE}/blob/main/docs/rules.md"
DESCRIPTION = "Reviews FastAPI and SQLModel pull requests as an uncompromising backend architect would."
WEBHOOK_PATH = "/webhook"
INSTALLED_PATH = "/installed"
