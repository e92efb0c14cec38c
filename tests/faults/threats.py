"""The threats, how each is met, and the tests that show it."""

from __future__ import annotations

from dataclasses import dataclass

_BOT, _SERVICE, _HERE = "tests/bot", "tests/service", "tests/faults/test_threats.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """`tests` are `file::function`."""

    name: str
    handling: str
    tests: tuple[str, ...]


THREATS = (
    Threat(
        name="forged webhook",
        handling="HMAC-SHA256 over the raw bytes, in constant time, before JSON; SHA-1 refused; two secrets",
        tests=(
            f"{_BOT}/test_delivery.py::test_any_other_signature_is_forged",
            f"{_BOT}/test_delivery.py::test_a_signature_holds_for_its_body_alone",
            f"{_SERVICE}/test_refused_deliveries.py::test_forged_deliveries_are_refused_and_do_nothing",
            f"{_HERE}::test_the_webhook_secret_is_changed_without_a_gap",
        ),
    ),
    Threat(
        name="replay, duplicate",
        handling="deliveries known by GUID for 8 days, attempts by their key; the state is read from GitHub",
        tests=(
            f"{_SERVICE}/test_delivery_to_review.py::test_a_delivery_that_comes_again_changes_nothing",
            f"{_SERVICE}/test_delivery_to_review.py::test_a_delivery_that_comes_twice_at_once_is_one_review",
            f"{_SERVICE}/test_events.py::test_a_re_run_that_is_delivered_twice_makes_one_check_run",
            f"{_SERVICE}/test_slash_commands.py::test_a_command_that_is_delivered_again_is_answered_once",
        ),
    ),
    Threat(
        name="wrong App or target",
        handling="the target header must name our App; the repository's id is held against the API's",
        tests=(
            f"{_BOT}/test_delivery.py::test_the_target_must_be_our_app_where_both_are_known",
            f"{_BOT}/test_isolation.py::test_no_token_reaches_over_to_another_installation",
        ),
    ),
    Threat(
        name="oversized or endless body, deep JSON",
        handling="413 above 25 MiB, by the header or while it streams; 10 s; nesting is refused",
        tests=(
            f"{_BOT}/test_web.py::test_the_oversized_is_refused_before_it_is_read",
            f"{_BOT}/test_web.py::test_the_oversized_is_refused_while_it_streams",
            f"{_BOT}/test_delivery.py::test_signed_nonsense_is_malformed",
            f"{_SERVICE}/test_refused_deliveries.py::test_malformed_bodies_are_refused_and_do_nothing",
        ),
    ),
    Threat(
        name="ping and unknown events",
        handling="2xx, and nothing is done",
        tests=(
            f"{_BOT}/test_web.py::test_what_nobody_wants_is_accepted_and_dropped",
            f"{_SERVICE}/test_refused_deliveries.py::test_other_events_are_accepted_and_dropped",
        ),
    ),
    Threat(
        name="configuration in a fork",
        handling="read at the base commit; a schema, 64 KiB, no aliases, no code",
        tests=(
            f"{_SERVICE}/test_events.py::test_the_configuration_that_counts_is_the_bases",
            f"{_BOT}/test_options.py::test_the_base_decides",
            "tests/rules/test_configuration.py::test_any_bytes_give_options_or_named_problems",
            f"{_HERE}::test_a_bomb_in_the_configuration_does_not_go_off",
        ),
    ),
    Threat(
        name="slash commands by strangers",
        handling="new comments on pull requests alone; the right to write is asked of GitHub's API",
        tests=(
            f"{_BOT}/test_commands.py::test_others_get_one_line_why",
            f"{_BOT}/test_commands.py::test_the_payloads_author_is_not_believed",
            f"{_SERVICE}/test_slash_commands.py::test_bots_are_ignored",
            f"{_SERVICE}/test_slash_commands.py::test_edited_and_deleted_comments_are_ignored",
        ),
    ),
    Threat(
        name="markdown injection",
        handling="what a pull request controls stands in code or is escaped; lengths are bounded",
        tests=(
            f"{_BOT}/test_render_summary.py::test_hostile_names_do_nothing",
            f"{_BOT}/test_render_comment.py::test_hostile_names_do_nothing",
            f"{_BOT}/test_render.py::test_prose_from_a_pull_request_stays_text",
            f"{_BOT}/test_render_summary.py::test_ten_thousand_findings_fit_and_the_most_severe_stay",
        ),
    ),
    Threat(
        name="token scope",
        handling="a token for one repository with the least permissions; another one, read only, for git",
        tests=(
            f"{_BOT}/test_github.py::test_the_token_is_narrowed_to_repository_and_permissions",
            f"{_BOT}/test_isolation.py::test_a_token_of_one_repository_does_not_read_another",
        ),
    ),
    Threat(
        name="secrets in logs and elsewhere",
        handling="redacted by shape and by value; git gets its token by environment",
        tests=(
            "tests/faults/test_r12_canaries.py::test_canaries",
            f"{_BOT}/test_logs.py::test_no_secret_reaches_a_log_by_any_way",
            f"{_BOT}/test_repository.py::test_git_reads_no_configuration_but_ours_and_shows_no_token",
        ),
    ),
    Threat(
        name="server-side request forgery",
        handling="addresses come from the operator alone; no redirect to another host gets the credentials",
        tests=(
            f"{_HERE}::test_addresses_in_a_payload_are_never_asked",
            f"{_HERE}::test_a_redirect_to_another_host_takes_no_credentials",
            f"{_BOT}/test_redelivery.py::test_pages_are_followed_and_a_sweep_is_bounded",
        ),
    ),
    Threat(
        name="Redis",
        handling="a socket for this user, JSON alone in the queue, an allowed function alone, no eviction",
        tests=(
            f"{_BOT}/test_rq_worker.py::test_only_allowed_functions_run",
            f"{_BOT}/test_redis_server.py::test_it_keeps_what_it_was_given_and_evicts_nothing",
            f"{_HERE}::test_the_embedded_redis_is_for_this_user_alone",
        ),
    ),
    Threat(
        name="flood of pushes",
        handling="coalesced for each pull request, a bound and a turn for each installation",
        tests=(
            "tests/faults/test_r08_pushes.py::test_pushes",
            f"{_BOT}/test_fairness.py::test_a_flood_leaves_the_others_their_turn",
            f"{_SERVICE}/test_manners.py::test_a_flood_in_one_installation_does_not_starve_another",
        ),
    ),
    Threat(
        name="confused deputy",
        handling="every key names host, App, installation and repository; ids are held against the API's",
        tests=(
            f"{_BOT}/test_isolation.py::test_no_token_reaches_over_to_another_installation",
            f"{_BOT}/test_isolation.py::test_every_key_of_the_ledger_names_its_installation",
            f"{_BOT}/test_isolation.py::test_mirrors_are_kept_apart_by_repository_id",
        ),
    ),
    Threat(
        name="hostile code",
        handling="read, never run or imported; parsers are guarded and contained; git checks nothing out",
        tests=(
            "tests/faults/test_r10_hostile_repository.py::test_tricks",
            "tests/faults/test_r09_poison_files.py::test_poison",
            "tests/rules/test_engine.py::test_hostile_files_are_analysed_or_named_and_the_rest_is_judged",
        ),
    ),
)
