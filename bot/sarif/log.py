"""The parts of SARIF 2.1.0 that are used, as types; field names become camelCase.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import msgspec

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"
ROOT = "%SRCROOT%"


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How every part is written: absent where it says nothing."""


class Message(_Part, frozen=True):
    """Words; code scanning shows `text` of a result and `markdown` of a rule's help."""

    text: str
    markdown: str | None = None


def message(words: str) -> Message:
    """Words from a pull request, in which no link is to be found."""
    return Message(text=words.replace("](", "] ("))


class Artifact(_Part, frozen=True):
    """A file: its percent-encoded path from the reviewed repository's root."""

    uri: str
    uri_base_id: str | None = None


class Region(_Part, frozen=True):
    """A span; `end_column` is the first column behind it."""

    start_line: int
    start_column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


class PhysicalLocation(_Part, frozen=True):
    """A span of a file."""

    artifact_location: Artifact
    region: Region | None = None


class Location(_Part, frozen=True):
    """A place, with what happens there."""

    physical_location: PhysicalLocation
    message: Message | None = None


class FlowStep(_Part, frozen=True):
    """One step of a trail."""

    location: Location


class Flow(_Part, frozen=True):
    """The steps of a trail, in order."""

    locations: tuple[FlowStep, ...]


class CodeFlow(_Part, frozen=True):
    """A trail; ours have one thread."""

    thread_flows: tuple[Flow, ...]


class Replacement(_Part, frozen=True):
    """What stands in the region's place after a fix."""

    deleted_region: Region
    inserted_content: Message


class ArtifactChange(_Part, frozen=True):
    """The replacements in one file."""

    artifact_location: Artifact
    replacements: tuple[Replacement, ...]


class FixPart(_Part, frozen=True):
    """A repair."""

    description: Message
    artifact_changes: tuple[ArtifactChange, ...]


class SuppressionPart(_Part, frozen=True):
    """Why a result does not count: `inSource` for a comment, `external` for anything else."""

    kind: str
    status: str
    justification: str


class Reference(_Part, frozen=True):
    """A rule, a taxonomy or a weakness in one, by name."""

    id: str | None = None
    name: str | None = None
    tool_component: Reference | None = None


class Relationship(_Part, frozen=True):
    """How a rule relates to a weakness."""

    target: Reference
    kinds: tuple[str, ...]


class Configuration(_Part, frozen=True):
    """Whether a rule runs by default, and how grave its results are."""

    level: str
    enabled: bool = True


class Descriptor(_Part, frozen=True):
    """A rule, a weakness of a taxonomy, or a kind of notification."""

    id: str
    name: str | None = None
    short_description: Message | None = None
    full_description: Message | None = None
    help: Message | None = None
    help_uri: str | None = None
    default_configuration: Configuration | None = None
    relationships: tuple[Relationship, ...] = ()
    properties: dict[str, object] = {}


class Component(_Part, frozen=True):
    """The program with its rules, or a taxonomy with its weaknesses."""

    name: str
    organization: str | None = None
    semantic_version: str | None = None
    information_uri: str | None = None
    short_description: Message | None = None
    supported_taxonomies: tuple[Reference, ...] = ()
    notifications: tuple[Descriptor, ...] = ()
    rules: tuple[Descriptor, ...] = ()
    taxa: tuple[Descriptor, ...] = ()


class Tool(_Part, frozen=True):
    """The program that speaks."""

    driver: Component


class Notification(_Part, frozen=True):
    """What hindered the review, or what a person should decide."""

    descriptor: Reference
    level: str
    message: Message
    locations: tuple[Location, ...] = ()


class Invocation(_Part, frozen=True):
    """How the run went."""

    execution_successful: bool
    tool_execution_notifications: tuple[Notification, ...] = ()


class Result(_Part, frozen=True):
    """One finding."""

    rule_id: str
    rule_index: int
    level: str
    message: Message
    locations: tuple[Location, ...]
    partial_fingerprints: dict[str, str]
    baseline_state: str | None = None
    code_flows: tuple[CodeFlow, ...] = ()
    fixes: tuple[FixPart, ...] = ()
    suppressions: tuple[SuppressionPart, ...] | None = None
    properties: dict[str, object] = {}


class AutomationDetails(_Part, frozen=True):
    """What tells runs of one purpose from others: code scanning's category."""

    id: str


class Run(_Part, frozen=True):
    """One review."""

    tool: Tool
    invocations: tuple[Invocation, ...]
    results: tuple[Result, ...]
    taxonomies: tuple[Component, ...] = ()
    automation_details: AutomationDetails | None = None
    original_uri_base_ids: dict[str, dict[str, Message]] = {}
    column_kind: str | None = None


class Log(_Part, frozen=True):
    """The whole file."""

    version: str
    runs: tuple[Run, ...]
    schema: str = msgspec.field(name="$schema")
