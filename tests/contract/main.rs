//! What every store keeps, whichever database is behind it. A case is written once,
//! against `&dyn Store`, and runs on both; each run has a database of its own.

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod sample;

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
        a_change_made_on_another_edition_is_refused,
        of_two_publishers_on_one_edition_one_is_refused,
        an_edition_with_a_code_twice_leaves_nothing,
        an_unknown_edition_is_not_loaded,
        an_edition_is_announced,
    }
}
