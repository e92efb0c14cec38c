"""Where the App is installed, and whether our check is required there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.doctor.app import lacking_permissions
from bot.doctor.diagnosis import Diagnosis, fault, ok, unknown, warning
from bot.doctor.github_session import Answer, GitHubSession, InstallationSession
from bot.registration import CHECK_NAME

READ = {"contents": "read", "metadata": "read"}
MOST_INSTALLATIONS = 10
MOST_REPOSITORIES = 10
HOW = (
    f"In Settings, Rules, Rulesets of the repository, require the status check {CHECK_NAME} and choose this "
    "App as its source."
)


def examine_installations(answer: Answer, page: str) -> tuple[Diagnosis, ...]:
    """Judge the list of installations."""
    if not answer.good:
        return (unknown("installations", "GitHub does not show where the App is installed."),)
    if not answer.body:
        remedy = f"Install it: {page}/installations/new"
        return (fault("installations", "The App is installed nowhere.", remedy),)
    found = tuple(diagnosis for each in answer.body for diagnosis in _installation(each))
    return found or (ok("installations", f"The App is installed on {_accounts(answer.body)}."),)


def _installation(record: dict[str, Any]) -> Iterator[Diagnosis]:
    account = record["account"]["login"]
    if record.get("suspended_at"):
        remedy = f"An owner of {account} can lift that on {record['html_url']}."
        yield warning("installations", f"The installation on {account} is suspended.", remedy)
    elif lacking := lacking_permissions(record.get("permissions") or {}):
        remedy = f"An owner of {account} must accept the App's new permissions on {record['html_url']}."
        yield fault("installations", f"On {account} the App lacks {', '.join(lacking)}.", remedy)


def examine_required_checks(
    session: GitHubSession, installations: list[dict[str, Any]], app_id: str
) -> tuple[Diagnosis, ...]:
    """Look at the default branches of the first repositories of the first installations."""
    alive = [each for each in installations if not each.get("suspended_at")]
    found: list[Diagnosis] = []
    for record in alive[:MOST_INSTALLATIONS]:
        installed = session.as_installation(record["id"], READ)
        if installed is None:
            account = record["account"]["login"]
            found.append(unknown("required-check", f"GitHub gives no token for {account}."))
            continue
        listed = installed.ask(f"/installation/repositories?per_page={MOST_REPOSITORIES}")
        repositories = listed.body["repositories"] if listed.good else ()
        found += [_required(installed, repository, app_id) for repository in repositories]
    return tuple(found)


def _required(installed: InstallationSession, repository: dict[str, Any], app_id: str) -> Diagnosis:
    name, branch = repository["full_name"], repository["default_branch"]
    rules = installed.ask(f"/repos/{name}/rules/branches/{branch}")
    protection = installed.ask(f"/repos/{name}/branches/{branch}")
    if not rules.good and not protection.good:
        return unknown("required-check", f"GitHub does not show the rules of {name}.", HOW)
    sources = [*_by_rules(rules), *_by_protection(protection)]
    if not sources:
        return warning("required-check", f"{name} does not require {CHECK_NAME} on {branch}.", HOW)
    if app_id not in sources:
        said = (
            f"{name} requires {CHECK_NAME} from any source: whoever may write can set a status of that name."
        )
        return warning("required-check", said, HOW)
    return ok("required-check", f"{name} requires {CHECK_NAME} of this App on {branch}.")


def _by_rules(answer: Answer) -> Iterator[str]:
    """The sources of our check in the rulesets: an App's id, or nothing for any."""
    for rule in answer.body if answer.good else ():
        if rule.get("type") == "required_status_checks":
            for check in rule.get("parameters", {}).get("required_status_checks", ()):
                if check.get("context") == CHECK_NAME:
                    yield str(check.get("integration_id") or "")


def _by_protection(answer: Answer) -> Iterator[str]:
    """The same in the branch's own protection."""
    if not answer.good:
        return
    required = (answer.body.get("protection") or {}).get("required_status_checks") or {}
    for check in required.get("checks") or ():
        if check.get("context") == CHECK_NAME:
            yield str(check.get("app_id") or "")
    if CHECK_NAME in (required.get("contexts") or ()) and not required.get("checks"):
        yield ""


def _accounts(records: list[dict[str, Any]]) -> str:
    names = [record["account"]["login"] for record in records]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
