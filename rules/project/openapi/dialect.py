"""How the document differs between versions of FastAPI, read in its source at both sides of each change."""

from __future__ import annotations

from dataclasses import dataclass

from rules.project.openapi.json_values import Schema
from rules.project.versions import FrameworkVersion, Version

_MODES: Version = (0, 102)
_LOGIN_FORMATS: Version = (0, 115, 13)
_MERGED_REQUIREMENTS: Version = (0, 123, 8)
_ERROR_DETAILS: Version = (0, 128, 1)
_BINARY_CONTENT: Version = (0, 129, 1)
_JSON_LINES: Version = (0, 134)
_FORM_GROUPS: Version = (0, 160)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one version of FastAPI writes; schemas are those of Pydantic 2.14 whatever the project pins."""

    version: Version | None = None

    @classmethod
    def of(cls, version: FrameworkVersion) -> Dialect:
        """The dialect of a project's FastAPI, the newest where none is pinned."""
        return cls(version.version)

    def _since(self, version: Version) -> bool:
        return self.version is None or self.version >= version

    @property
    def separates_modes(self) -> bool:
        """Whether a model may have one schema for input and another for output."""
        return self._since(_MODES)

    @property
    def describes_login(self) -> bool:
        """Whether the login form's passwords have a format, and its pattern is anchored."""
        return self._since(_LOGIN_FORMATS)

    @property
    def merges_requirements(self) -> bool:
        """Whether a security scheme that is asked for in several places is required once."""
        return self._since(_MERGED_REQUIREMENTS)

    @property
    def streams(self) -> bool:
        """Whether what a handler yields is described."""
        return self._since(_JSON_LINES)

    @property
    def groups_forms(self) -> bool:
        """Whether form models beside other form fields keep their fields at the top of the body."""
        return self._since(_FORM_GROUPS)

    @property
    def binary(self) -> Schema:
        """The schema of bytes and of uploaded files."""
        if self._since(_BINARY_CONTENT):
            return {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"type": "string", "format": "binary"}

    def validation_schemas(self) -> dict[str, Schema]:
        """FastAPI's own schemas: what a request that does not validate is answered with."""
        location: Schema = {
            "title": "Location",
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }
        properties: Schema = {
            "loc": location,
            "msg": {"title": "Message", "type": "string"},
            "type": {"title": "Error Type", "type": "string"},
        }
        if self._since(_ERROR_DETAILS):
            properties |= {"input": {"title": "Input"}, "ctx": {"title": "Context", "type": "object"}}
        error = {"title": "ValidationError", "type": "object", "properties": properties}
        items = {"$ref": "#/components/schemas/ValidationError"}
        detail = {"title": "Detail", "type": "array", "items": items}
        return {
            "ValidationError": {**error, "required": ["loc", "msg", "type"]},
            "HTTPValidationError": {
                "title": "HTTPValidationError",
                "type": "object",
                "properties": {"detail": detail},
            },
        }
