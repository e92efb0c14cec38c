"""Workflow commands: GitHub Actions turns each line into an annotation of the pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from bot.console.verdict_document import Shown
from rules.finding import Finding
from rules.rule import Severity

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


def to_workflow_commands(shown: Shown) -> str:
    """Return a command for each introduced finding, each skipped file and each reason of the gate.

    GitHub shows ten errors and ten warnings of a step: the most severe come first.
    """
    document = shown.document
    findings = [_finding(finding, shown.prefix) for finding in shown.counted]
    skipped = [
        _command(
            "warning", f"Not analysed: {file.reason}", file=f"{shown.prefix}{file.path}", title="Not analysed"
        )
        for file in document.coverage.files_skipped
    ]
    reasons = [_command("error", reason, title="Gate") for reason in document.gate.reasons]
    return "".join(f"{line}\n" for line in [*findings, *skipped, *reasons])


def _finding(finding: Finding, prefix: str) -> str:
    return _command(
        _LEVELS[finding.severity],
        finding.message,
        file=f"{prefix}{finding.path}",
        line=finding.line,
        endLine=max(finding.line, finding.end_line),
        col=finding.column,
        title=f"{finding.rule} {finding.name}",
    )


def _command(level: str, message: str, **properties: str | int) -> str:
    given = ",".join(f"{key}={_escaped_property(str(value))}" for key, value in properties.items())
    return f"::{level} {given}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
