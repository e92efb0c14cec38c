"""The button "Accept as baseline": what the change introduces is known from now on, and listed in a file.

Our own comment is what is remembered until the file is merged: each review reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping

import rules
from bot.commands.committing import Change, bring, committed_before
from bot.commands.desk import CLOSED, Declined, Desk, Done, Outcome
from bot.conversation import ACCEPTED
from bot.judgement import Compared
from bot.render.markdown import clip, code, plain, row
from bot.render.markers import marker
from bot.repository.snapshot import Snapshot
from bot.slash_commands import AcceptBaseline
from rules.configuration import YAML_PATH
from rules.configuration.baseline import Accepted, read_baseline, written
from rules.finding import Finding

MOST_FINDINGS = 1_000
_SHOWN = 50
_LONGEST_PATCH = 45_000
_NOTHING = "This change introduces nothing that could be accepted."
_TOO_MANY = "These are too many for a comment: write the file with `backend-architect init --baseline`."


def obey(desk: Desk, _command: AcceptBaseline) -> Outcome:
    """Accept the findings, and commit the baseline or give it as a patch."""
    if not desk.is_open:
        return Declined(CLOSED)
    snapshot, made = desk.look()
    fresh = tuple(f for f in made.comparison.head.findings if f.introduced and f.suppressed is None)
    if not fresh:
        return Declined(_NOTHING)
    if len(fresh) > MOST_FINDINGS:
        return Declined(_TOO_MANY)
    commit: str | None = desk.pull.head.sha
    text = ""
    if not committed_before(desk):
        brought = bring(desk, _change(desk, snapshot, made, fresh))
        commit, text = brought.commit, brought.text
    review = None if commit else desk.review()
    return Done(text=_answer(desk, fresh, commit, text), marks=_marks(desk, fresh), review=review)


def _change(desk: Desk, snapshot: Snapshot, made: Compared, fresh: tuple[Finding, ...]) -> Change:
    tree, options = snapshot.head.contents, made.terms.proposed or made.terms.options
    path = options.baseline or rules.BASELINE_PATH
    reason = f"accepted by {desk.login} in #{desk.pull.number}"
    new = [Accepted(found.path, found.rule, found.fingerprint, reason) for found in fresh]
    kept = [one for one in _listed(tree, path) if one.fingerprint not in {each.fingerprint for each in new}]
    files = {path: written((*kept, *new))}
    if options.baseline is None:
        files |= _naming(tree, files, path)
    return Change(
        before=tree,
        after=files,
        message="Accept findings of Backend Architect as baseline",
        room=_LONGEST_PATCH - len(_marks(desk, fresh)),
    )


def _marks(desk: Desk, fresh: tuple[Finding, ...]) -> str:
    return marker(ACCEPTED, desk.login, *(found.fingerprint for found in fresh))


def _listed(tree: Mapping[str, bytes], path: str) -> tuple[Accepted, ...]:
    """What the file lists already; one that cannot be read is written anew."""
    try:
        return read_baseline(path, tree[path]).findings if path in tree else ()
    except rules.ConfigurationError:
        return ()


def _naming(tree: Mapping[str, bytes], files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    """The configuration with the new key, where a line at its end is enough for that."""
    held = tree.get(YAML_PATH, b"")
    between = b"" if not held or held.endswith(b"\n") else b"\n"
    named = {YAML_PATH: held + between + f"baseline: {path}\n".encode()}
    try:
        right = rules.load_options({**tree, **files, **named}).baseline == path
    except rules.ConfigurationError:
        return {}
    return named if right else {}


def _answer(desk: Desk, fresh: tuple[Finding, ...], commit: str | None, text: str) -> str:
    what = "1 finding" if len(fresh) == 1 else f"{len(fresh)} findings"
    rows = [
        row(
            code(found.fingerprint[:8]),
            f"{plain(found.rule)} {plain(found.name)}",
            code(clip(found.path, 200)),
        )
        for found in fresh[:_SHOWN]
    ]
    more = [f"… and {len(fresh) - _SHOWN} more."] if len(fresh) > _SHOWN else []
    done = f" in {code(commit[:12])}" if commit else ""
    return "\n\n".join(
        [
            f"{what} accepted as baseline by {plain(desk.login)}{done}.",
            "\n".join([row("finding", "rule", "file"), row("---", "---", "---"), *rows]),
            *more,
            *([text] if text else []),
        ]
    )
