//! The workflow drawn from its table, for the documents.

use std::collections::BTreeMap;

use super::{Status, TRANSITIONS};

/// A Mermaid state diagram of the whole table.
#[must_use]
pub fn diagram() -> String {
    let mut arrows: BTreeMap<(Status, Status), Vec<&str>> = BTreeMap::new();
    for row in TRANSITIONS {
        for &from in row.from {
            // Where a row keeps several statuses as they are, it does not mix them.
            let stays = row.to.contains(&from) && row.from.len() > 1;
            for &to in row.to {
                if !stays || to == from || !row.from.contains(&to) {
                    let actions = arrows.entry((from, to)).or_default();
                    if !actions.contains(&row.action.as_str()) {
                        actions.push(row.action.as_str());
                    }
                }
            }
        }
    }
    let steps: Vec<String> = arrows
        .into_iter()
        .map(|((from, to), actions)| format!("    {from} --> {to}: {}\n", actions.join(", ")))
        .collect();
    format!(
        "stateDiagram-v2\n    [*] --> reported: report\n{}    evaluated --> [*]\n",
        steps.concat()
    )
}
