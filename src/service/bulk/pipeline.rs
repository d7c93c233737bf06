//! Work on the parts of a long input with all cores, in the order of the parts, and with no
//! more of them in memory than are being worked on.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Takes part after part from `next`, does the `work` of several at once, and hands what came
/// of it to `done` in the order of the parts, on the calling thread.
///
/// # Errors
/// The first error in that order. Nothing after it is handed over.
pub fn in_order<P: Send, R: Send, E: Send>(
    mut next: impl FnMut() -> Result<Option<P>, E> + Send,
    work: impl Fn(P) -> Result<R, E> + Sync,
    mut done: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (to_work, jobs) = sync_channel::<(P, SyncSender<Result<R, E>>)>(workers);
    let (to_hand_over, results) = sync_channel(2 * workers);
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let take = || {
                    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
                    jobs.recv().ok()
                };
                while let Some((part, answer)) = take() {
                    // Nobody waits for it when something failed before.
                    let _ = answer.send(work(part));
                }
            });
        }
        scope.spawn(move || {
            loop {
                let (answer, result) = sync_channel(1);
                let part = next().transpose();
                if part.is_none() || to_hand_over.send(result).is_err() {
                    return;
                }
                let going_on = match part {
                    Some(Ok(part)) => to_work.send((part, answer)).is_ok(),
                    Some(Err(error)) => {
                        let _ = answer.send(Err(error));
                        false
                    }
                    None => false,
                };
                if !going_on {
                    return;
                }
            }
        });
        // When this fails, `results` goes, and with it whoever feeds it. Whoever panics at work
        // goes away without an answer; the scope passes that on.
        for result in results.into_iter().map_while(|result| result.recv().ok()) {
            done(result?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_in_the_order_of_what_went_in() {
        let mut numbers = 0..1_000_u64;
        let mut seen = Vec::new();
        let went = in_order(
            || Ok::<_, String>(numbers.next()),
            |number| {
                // The first ones take longest.
                let spin = (0..(1_000 - number) * 50).fold(0_u64, |a, b| a ^ b.wrapping_mul(3));
                Ok((number, spin))
            },
            |(number, _)| {
                seen.push(number);
                Ok(())
            },
        );
        assert_eq!(went, Ok(()));
        assert!(seen.iter().copied().eq(0..1_000));
    }

    #[test]
    fn the_first_error_ends_it_wherever_it_comes_from() {
        let run = |bad_part: Option<u32>, bad_work: Option<u32>, bad_done: Option<u32>| {
            let mut numbers = 0..200_u32;
            let fail = |place, number: u32, bad: Option<u32>| {
                if bad == Some(number) {
                    return Err(format!("{place} {number}"));
                }
                Ok(number)
            };
            let mut seen = Vec::new();
            let went = in_order(
                || {
                    numbers
                        .next()
                        .map(|n| fail("part", n, bad_part))
                        .transpose()
                },
                |number| fail("work", number, bad_work),
                |number| fail("done", number, bad_done).map(|number| seen.push(number)),
            );
            (went.unwrap_err(), seen.len())
        };
        assert_eq!(run(Some(7), None, None), ("part 7".to_owned(), 7));
        assert_eq!(run(Some(9), Some(8), None), ("work 8".to_owned(), 8));
        assert_eq!(run(Some(9), Some(8), Some(3)), ("done 3".to_owned(), 3));
    }
}
