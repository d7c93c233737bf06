//! The real binary, from the outside: started on a free port and asked over HTTP, or run
//! as a command. What a test sees here is what a user sees.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../formats/gdal.rs"]
mod gdal;

mod client;
mod ground;
mod listener;
mod process;
mod territory;

mod access;
mod bulk;
mod crash;
mod day;
mod departments;
mod desk;
mod duplicates;
mod handling;
mod importing;
mod layers;
mod live;
mod lookup;
mod media;
mod metrics;
mod ogc;
mod open311;
mod planning;
mod positions;
mod posts;
mod presence;
mod problems;
mod roads;
mod rules;
mod shutdown;
mod simulating;
mod statistics;
mod tiles;

/// Makes two tests of every case: `sqlite::topic::case` and `postgis::topic::case`.
macro_rules! on_both {
    ($($topic:ident { $($case:ident),+ $(,)? })+) => {
        mod sqlite {
            $(mod $topic {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::$topic::$case(crate::ground::Backend::Sqlite).await;
                }
            )+})+
        }

        mod postgis {
            $(mod $topic {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if crate::support::postgis_server().is_some() {
                        crate::$topic::$case(crate::ground::Backend::Postgis).await;
                    }
                }
            )+})+
        }
    };
}

on_both! {
    handling {
        an_incident_goes_all_the_way_from_report_to_evaluation,
        candidates_are_ranked_and_say_why,
        an_action_that_the_table_does_not_allow_names_the_allowed_ones,
        of_two_simultaneous_dispatches_one_wins_and_one_gets_the_current_state,
        a_repeated_request_is_one_incident,
    }
    statistics {
        every_figure_leads_to_its_cases,
        figures_are_of_what_the_caller_may_see,
    }
    rules {
        rules_are_read_tried_and_put_into_force,
        what_waits_is_overseen_by_one_node_and_once,
        an_offer_of_a_rule_goes_to_the_next_and_then_to_a_dispatcher,
        a_summons_and_a_deferral_end_by_themselves,
    }
    departments {
        every_step_is_told_at_least_once_and_in_order_whatever_fails,
        what_is_taken_is_told_once,
        a_kill_between_sending_and_noting_it_repeats_the_step_and_keeps_the_order,
        an_endpoint_that_is_gone_is_paused_and_later_told_what_the_log_forgot,
        what_nobody_takes_for_a_day_is_given_up_and_can_be_replayed,
        who_brought_a_case_in_hears_what_becomes_of_it,
    }
    day {
        nothing_acknowledged_is_lost_and_nobody_is_told_out_of_order,
    }
    planning {
        a_plan_gives_each_incident_to_somebody_and_changes_nothing,
        who_is_left_out_is_told_why,
        what_two_send_at_once_is_sent_once,
    }
    posts {
        a_worker_is_appointed_and_the_post_ends,
        a_roster_is_written_copied_and_says_who_is_on_duty,
        the_roster_is_followed_by_one_node_and_once,
        vacancies_and_double_staffing_are_those_of_the_grids,
        what_workers_do_is_added_up,
    }
    presence {
        who_walks_through_grids_is_there_and_arrives_once,
        a_watch_raises_one_alarm_until_it_is_settled,
        a_call_for_help_is_heard_at_once_where_it_concerns,
    }
    access {
        a_dispatcher_sees_and_acts_only_inside_the_own_area,
    }
    media {
        a_photo_loses_its_place_and_evidence_keeps_it,
        an_incident_has_thirty_files_however_many_come_at_once,
    }
    live {
        an_incident_filed_elsewhere_is_heard_within_a_second,
        a_reader_that_comes_back_gets_exactly_what_it_missed,
        a_reader_that_comes_back_too_late_is_told_to_start_anew,
        posted_positions_are_heard_and_make_the_worker_the_nearest,
        a_listener_hears_only_of_the_own_area,
        a_draft_is_heard_by_those_who_may_edit_boundaries_there,
    }
    crash {
        every_acknowledged_incident_survives_a_kill,
    }
    positions {
        a_track_is_kept_and_shown_to_whom_it_concerns,
        the_nearest_are_found_by_every_filter,
    }
    desk {
        a_file_with_defects_is_judged_mended_and_published,
        a_split_rematches_incidents_and_a_rollback_restores_every_answer,
        a_coming_edition_answers_at_its_time_and_not_before,
        drafts_on_an_older_edition_are_brought_forward_or_refused,
        a_kill_while_publishing_leaves_one_edition_or_the_other,
    }
    importing {
        an_import_is_seen_by_a_running_server_within_a_second,
    }
    shutdown {
        a_server_told_to_stop_ends_in_time_and_keeps_the_last_positions,
    }
}
