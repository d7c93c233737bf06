//! Callers who do not wait for the end, as when a client hangs up.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures::future::join_all;
use wangge::domain::incident::IncidentKey;
use wangge::store::{self, People};

use crate::sample::{file, new_incident, organisation, time};
use crate::support::Database;

/// Waits for something until it has been looked at so often. `None` when it was given up.
async fn looked_at<T>(times: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|context| {
        let polled = future.as_mut().poll(context).map(Some);
        left -= 1;
        if left == 0 && polled.is_pending() {
            return Poll::Ready(None);
        }
        polled
    })
    .await
}

/// What is acknowledged after somebody else gave up is there for all.
pub async fn a_write_given_up_at_any_time_holds_up_no_other(database: &Database) {
    let store = database.store.as_ref();
    let elsewhere = store::open(&database.url).await.unwrap();
    let people = People {
        organisations: vec![organisation(100)],
        ..People::default()
    };
    let mut fresh = 1..;
    for times in 1_u32.. {
        let saved = looked_at(times, store.save_people(&people, time(0))).await;
        // So many at once that every connection has to do with it.
        for _ in 0..3 {
            let filings = fresh.by_ref().take(8).map(|n| file(store, new_incident(n)));
            for filed in join_all(filings).await {
                let found = elsewhere.find_incident(&IncidentKey::Id(filed.id)).await;
                assert_eq!(found.unwrap(), Some(filed), "given up after {times} looks");
            }
        }
        if let Some(saved) = saved {
            saved.unwrap();
            break;
        }
    }
}
