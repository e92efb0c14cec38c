"""`/architect config`: the configuration that this pull request is judged by, and where each value stands."""

from __future__ import annotations

from bot.commands.desk import Desk, Done, Outcome
from bot.options import agreed
from bot.render.configuration import configuration_table
from bot.render.place import CodePage
from bot.review import fetch
from bot.slash_commands import Config
from rules.configuration import places


def obey(desk: Desk, _command: Config) -> Outcome:
    """Answer with every key of the base commit's configuration; the head's counts when it is merged."""
    snapshot = fetch(desk.connection, desk.services, desk.pull)
    terms = agreed(snapshot.base.contents, snapshot.head.contents)
    page = CodePage(f"{desk.services.web_url}/{desk.connection.full_name}", snapshot.merge_base)
    remarks = (*terms.notices, *(str(problem) for problem in terms.problems))
    return Done(text=configuration_table(terms.options, places(snapshot.base.contents), page, remarks))
