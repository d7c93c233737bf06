//! What every store keeps, whichever database is behind it. A case is written once,
//! against `&dyn Store`, and runs on both; each run has a database of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod log;
mod sample;
mod sqlite_file;

/// Makes two tests of every case: `sqlite::topic::case` and `postgis::topic::case`.
macro_rules! contract {
    ($($topic:ident { $($case:ident),+ $(,)? })+) => {
        mod sqlite {
            $(mod $topic {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let database = crate::support::fresh_sqlite().await;
                    crate::cases::$topic::$case((&database).into()).await;
                }
            )+})+
        }

        mod postgis {
            $(mod $topic {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(database) = crate::support::fresh_postgis().await else { return };
                    crate::cases::$topic::$case((&database).into()).await;
                }
            )+})+
        }
    };
}

contract! {
    territory {
        an_edition_comes_back_as_it_was_published,
        areas_come_back_bit_for_bit,
        more_areas_than_fit_one_statement_come_back,
        an_old_edition_can_still_be_loaded,
        a_removed_area_may_come_back,
        what_changed_between_editions_is_told,
        a_change_made_on_another_edition_is_refused,
        of_two_publishers_on_one_edition_one_is_refused,
        an_edition_with_a_code_twice_leaves_nothing,
        an_unknown_edition_is_not_loaded,
        an_edition_is_announced,
    }
    history {
        an_area_is_listed_in_all_its_versions,
        areas_know_what_they_were_split_from,
        areas_know_what_they_were_merged_from,
    }
    drafts {
        a_draft_comes_back_as_it_was_kept,
        entries_come_back_bit_for_bit,
        a_step_replaces_what_it_changes,
        steps_tell_what_is_needed_to_undo_them,
        the_second_of_two_who_edit_is_refused,
        of_two_who_edit_at_once_one_is_refused,
        a_change_that_fails_half_way_leaves_nothing,
        a_published_draft_became_its_edition,
        a_publication_that_fails_leaves_the_draft_open,
        a_draft_given_up_keeps_its_history,
        drafts_are_listed_from_the_newest_on,
        a_large_draft_is_kept_at_once,
        drafts_are_announced_with_every_change,
    }
    people {
        people_come_back_as_they_were_saved,
        saving_again_replaces_by_identity,
        nobody_is_found_by_an_unknown_identity,
        a_post_of_nobody_leaves_nothing,
        people_saved_together_are_announced_once,
        duty_is_kept_and_announced,
        duty_of_nobody_is_refused,
    }
    positions {
        positions_come_back_as_they_were_recorded,
        the_newest_fix_wins_in_any_order,
        positions_are_listed_from_a_time_of_recording,
        positions_are_announced_without_saying_where,
        thousands_of_fixes_are_recorded_at_once,
        a_track_comes_back_in_order_from_its_time_on,
        tracks_of_days_that_are_over_are_forgotten,
    }
    presence {
        visits_come_back_as_they_were_kept,
        a_visit_that_has_ended_is_not_begun_again,
        visits_are_found_by_worker_area_and_time,
        visits_of_days_that_are_over_are_forgotten,
        alarms_that_were_settled_long_ago_are_forgotten,
        thousands_of_visits_are_kept_at_once,
        one_watch_for_each_worker_is_kept,
        an_alarm_comes_back_and_is_announced_without_saying_where,
        one_call_for_help_and_one_alarm_of_the_watch_are_open_at_a_time,
        of_alarms_raised_at_once_one_is_new,
        an_alarm_is_settled_once_and_lets_the_watch_begin_anew,
        alarms_are_listed_from_the_newest_on,
    }
    filing {
        a_filed_incident_comes_back_as_it_was_reported,
        an_unknown_incident_is_not_found,
        filing_is_announced_to_the_deepest_area,
        the_number_has_the_day_in_china_and_is_never_used_twice,
        numbers_set_aside_are_not_given_out,
        fifty_filings_at_once_get_fifty_numbers,
        an_identity_filed_twice_leaves_the_first,
        a_repeated_request_gets_the_incident_as_it_is_now,
        a_key_used_for_another_request_is_refused,
        eight_requests_with_one_key_at_once_are_one_incident,
        imported_incidents_come_back_whole,
        an_import_that_collides_leaves_nothing,
        open_incidents_are_those_not_closed_or_evaluated,
    }
    steps {
        a_step_writes_the_whole_incident,
        a_step_touches_no_other_incident,
        tasks_are_added_and_changed_and_keep_their_order,
        the_history_keeps_every_word,
        steps_of_some_incidents_are_found_by_their_time,
        a_step_is_announced,
        a_step_on_another_version_is_refused,
        a_step_on_an_unknown_incident_is_refused,
        of_two_steps_on_one_version_exactly_one_is_taken,
        steps_on_many_incidents_at_once_are_all_taken,
        a_step_that_fails_half_way_leaves_nothing,
    }
    media {
        what_is_known_of_files_comes_back_oldest_first,
        a_file_is_announced_and_leaves_the_incident_in_its_version,
        an_imported_incident_without_a_history_takes_files,
        a_file_too_many_or_of_no_incident_leaves_nothing,
    }
    rosters {
        a_post_is_kept_changed_and_announced,
        a_post_that_overlaps_is_refused,
        a_roster_comes_back_as_it_was_written,
        the_second_of_two_who_write_a_roster_is_refused,
        duties_that_begin_and_end_are_followed_once,
        a_duty_that_is_over_when_nobody_looked_leaves_nobody_on_duty,
        a_roster_written_during_a_shift_holds_at_once,
        a_shift_of_very_many_is_announced_once,
        a_post_that_ends_takes_its_coming_duties_along,
        what_workers_had_to_do_is_added_up,
    }
    rules {
        rules_come_back_in_every_version,
        the_second_of_two_who_change_the_rules_is_refused,
        of_two_who_save_rules_at_once_one_is_refused,
        one_node_at_a_time_holds_a_lease,
    }
    departments {
        an_endpoint_comes_back_as_it_was_made_and_changed,
        deliveries_are_put_on_their_way_once,
        of_each_incident_the_first_that_waits_is_due,
        an_attempt_is_written_with_its_endpoint,
        dead_deliveries_are_replayed_and_settled_ones_forgotten,
        pages_of_deliveries_lose_and_repeat_nothing,
        incidents_that_changed_since_are_listed_by_identity,
        a_case_number_stands_for_one_incident,
        what_a_departments_fields_mean_is_replaced,
    }
    search {
        the_newest_come_first_and_whole,
        any_of_the_statuses_is_found,
        an_area_of_any_level_bounds_the_list,
        service_time_and_box_bound_the_list,
        text_is_found_as_it_is_written,
        an_incident_is_found_by_part_of_its_number,
        numbers_are_found_each_once,
        an_incident_is_found_by_when_it_last_changed,
        pages_over_equal_times_lose_and_repeat_nothing,
        pages_run_in_every_order_and_survive_new_rows,
        people_and_channels_bound_the_list,
        a_text_of_any_length_is_found,
        what_changes_of_an_incident_is_found_by_what_it_is_now,
    }
    statistics {
        figures_count_what_their_rules_say,
        figures_of_a_query_are_of_what_it_lists,
        times_are_those_of_the_cases,
        nothing_is_counted_where_nothing_is,
    }
    changes {
        every_method_that_writes_announces_its_topic,
        changes_are_read_in_order_from_any_place,
        what_is_pruned_is_the_beginning,
        an_emptied_log_goes_on_where_it_was,
        a_reader_misses_nothing_while_four_write,
        what_is_read_after_the_end_of_the_log_holds_all_up_to_it,
    }
    access {
        an_access_key_is_found_by_its_digest,
        an_access_key_saved_again_is_replaced,
    }
    cancellation {
        a_write_given_up_at_any_time_holds_up_no_other,
    }
    reopening {
        all_is_there_when_the_database_is_opened_again,
        migrating_again_or_at_once_does_no_harm,
        a_store_says_which_database_it_is,
    }
}
