"""Complaints about review bots, numbered as in the research on GitHub, and the story that answers each."""

from __future__ import annotations

STORIES = "tests/stories/test_complaints.py"
PUSHES = "tests/stories/test_over_pushes.py"
EVENTS = "tests/service/test_events.py"

ANSWERED_BY: dict[int, tuple[str, str, str]] = {
    1: ("reviews on every push flood", STORIES, "test_a_clean_change_hears_nothing_and_pushes_add_nothing"),
    2: (
        "new remarks on old lines",
        PUSHES,
        "test_the_first_review_gives_everything_and_later_ones_only_what_is_new",
    ),
    3: ("duplicates after a rebase", PUSHES, "test_a_force_push_that_rebases_says_nothing_twice"),
    4: ("only the first page is read", STORIES, "test_what_stands_on_the_second_page_is_read_too"),
    5: (
        "comments stay after the fix",
        PUSHES,
        "test_a_finding_is_fixed_comes_back_and_is_fixed_again_in_one_thread",
    ),
    6: ("deletion destroys discussion", PUSHES, "test_a_thread_that_people_answered_keeps_every_word"),
    7: (
        "one bad anchor costs the review",
        STORIES,
        "test_a_finding_outside_of_the_diff_costs_the_others_nothing",
    ),
    8: (
        "the fallback posts single comments",
        "tests/bot/test_posting.py",
        "test_one_bad_anchor_costs_only_its_own_comment",
    ),
    9: (
        "a push between diff and review",
        "tests/service/test_superseded.py",
        "test_a_push_while_comments_are_posted_repeats_none_of_them",
    ),
    10: (
        "comments silently lost",
        STORIES,
        "test_all_comments_of_a_round_come_in_one_review_and_have_a_place",
    ),
    11: (
        "a check that never reports",
        "tests/service/test_github_failing.py",
        "test_what_fails_for_good_ends_in_a_check_run_that_says_so",
    ),
    12: (
        "a missed delivery",
        "tests/service/test_healing.py",
        "test_deliveries_while_nobody_listened_are_asked_for",
    ),
    13: (
        "green for work not done",
        STORIES,
        "test_what_was_not_analysed_is_said_and_fails_where_the_change_hides_it",
    ),
    14: ("re-run does nothing", EVENTS, "test_a_pull_request_of_a_fork_is_reviewed_and_re_run"),
    15: (
        "the merge queue stalls",
        "tests/stories/test_merge_queue.py",
        "test_routes_of_two_pull_requests_that_collide_stop_the_second",
    ),
    16: ("limits while commenting", STORIES, "test_many_findings_are_one_review_of_few_comments"),
    17: (
        "abuse as 422",
        "tests/service/test_github_failing.py",
        "test_a_limit_without_a_time_is_waited_for_a_minute",
    ),
    18: ("huge pull requests", STORIES, "test_a_change_of_hundreds_of_files_is_reviewed"),
    19: ("forks get nothing", EVENTS, "test_a_pull_request_of_a_fork_is_reviewed_and_re_run"),
    20: (
        "threads block the merge",
        STORIES,
        "test_threads_that_a_force_push_makes_unreachable_block_nobody",
    ),
    21: (
        "suggestions that break lines",
        STORIES,
        "test_an_accepted_suggestion_mends_what_it_is_about",
    ),
    22: ("counts that differ", STORIES, "test_title_annotations_and_threads_count_the_same"),
    23: ("the bot answers itself", STORIES, "test_the_bot_does_not_obey_itself"),
    24: (
        "comments until the conversation locks",
        PUSHES,
        "test_a_finding_is_fixed_comes_back_and_is_fixed_again_in_one_thread",
    ),
    25: (
        "no report for untouched projects",
        STORIES,
        "test_a_change_that_touches_no_backend_still_gets_its_check_run",
    ),
    26: (
        "mail noise",
        PUSHES,
        "test_a_finding_is_fixed_comes_back_and_is_fixed_again_in_one_thread",
    ),
    27: (
        "own earlier words taken for a block",
        PUSHES,
        "test_without_the_permission_threads_are_folded_and_the_summary_names_it",
    ),
}
"""By number: the complaint in short, the file and the name of its story."""
