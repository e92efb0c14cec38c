"""GitHub's refusals: each is an answer with GitHub's own status and words."""

from __future__ import annotations

from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """An answer other than success; `errors` is GitHub's list, of texts or of objects."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: list[Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        errors = {} if self.errors is None else {"errors": self.errors}
        return {
            "message": self.message,
            **errors,
            "documentation_url": DOCUMENTATION,
            "status": str(self.status),
        }


class Moved(Exception):
    """The repository answers under another name by now; its id stays."""

    def __init__(self, repository: int) -> None:
        super().__init__(repository)
        self.repository = repository


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def not_accessible() -> Refusal:
    return Refusal(403, "Resource not accessible by integration")


def validation_failed(resource: str, field: str, message: str) -> Refusal:
    error = {"resource": resource, "code": "custom", "field": field, "message": message}
    return Refusal(422, "Validation Failed", errors=[error])


def unprocessable(*errors: str) -> Refusal:
    return Refusal(422, "Unprocessable Entity", errors=list(errors))


def invalid_request(reason: str) -> Refusal:
    return Refusal(422, f"Invalid request.\n\n{reason}")
