//! What a draft has of areas, as bytes to keep: an area's attributes as JSON, so that a
//! later word can be added, and its outline beside them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::compact::{CompactError, Reader, put_bytes, put_number};
use super::outline::{self, OutlineError};
use crate::domain::draft::{DraftArea, DraftEntry};
use crate::domain::{AreaId, GridKind, Level};

/// Why bytes are no part of a draft, or an area could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DraftCodecError {
    #[error("the attributes of an area are not as they should be")]
    Attributes(#[from] serde_json::Error),
    #[error(transparent)]
    Outline(#[from] OutlineError),
    #[error("what a step changed cannot be read: {0}")]
    Compact(#[from] CompactError),
    #[error("an entry of a step begins with {0} instead of 0 to 3")]
    Kind(u8),
}

/// What a draft makes of an area, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedEntry {
    /// JSON; `None` when the area is removed.
    pub attributes: Option<String>,
    /// See [`outline`]; `None` when the ground is not known.
    pub outline: Option<Vec<u8>>,
}

/// Everything of an area but its identity and its ground.
#[derive(Serialize, Deserialize)]
struct Attributes<'a> {
    code: Cow<'a, str>,
    name: Cow<'a, str>,
    level: Option<Level>,
    parent: Option<Cow<'a, str>>,
    kind: Option<GridKind>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    generated: bool,
    #[serde(default, skip_serializing_if = "<[AreaId]>::is_empty")]
    lineage: Cow<'a, [AreaId]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feature: Option<usize>,
}

/// Writes what a draft makes of an area.
///
/// # Errors
/// Never, but JSON is said to be able to fail.
pub fn encode_entry(entry: &DraftEntry) -> Result<EncodedEntry, DraftCodecError> {
    let DraftEntry::Put(area) = entry else {
        return Ok(EncodedEntry {
            attributes: None,
            outline: None,
        });
    };
    Ok(EncodedEntry {
        attributes: Some(encode_attributes(area)?),
        outline: area.outline.as_deref().map(outline::encode),
    })
}

/// Reads what a draft makes of an area.
///
/// # Errors
/// When the attributes are no such JSON, or the outline is none.
pub fn decode_entry(
    id: AreaId,
    attributes: Option<&[u8]>,
    outline: Option<&[u8]>,
) -> Result<DraftEntry, DraftCodecError> {
    attributes.map_or(Ok(DraftEntry::Removed), |attributes| {
        decode_area(id, attributes, outline).map(DraftEntry::Put)
    })
}

fn encode_attributes(area: &DraftArea) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Attributes {
        code: Cow::Borrowed(&area.code),
        name: Cow::Borrowed(&area.name),
        level: area.level,
        parent: area.parent.as_deref().map(Cow::Borrowed),
        kind: area.kind,
        generated: area.generated,
        lineage: Cow::Borrowed(&area.lineage),
        feature: area.feature,
    })
}

fn decode_area(
    id: AreaId,
    attributes: &[u8],
    outline: Option<&[u8]>,
) -> Result<DraftArea, DraftCodecError> {
    let attributes: Attributes<'_> = serde_json::from_slice(attributes)?;
    Ok(DraftArea {
        id,
        code: attributes.code.into_owned(),
        name: attributes.name.into_owned(),
        level: attributes.level,
        parent: attributes.parent.map(Cow::into_owned),
        kind: attributes.kind,
        outline: outline.map(outline::decode).transpose()?.map(Arc::new),
        generated: attributes.generated,
        lineage: attributes.lineage.into_owned(),
        feature: attributes.feature,
    })
}

const BASE: u8 = 0;
const REMOVED: u8 = 1;
const BARE: u8 = 2;
const DRAWN: u8 = 3;

/// Writes what was there before a step, in order: for each area its identity and a byte
/// that says what follows. Where the base held that is nothing, so a step that only adds
/// areas takes 17 bytes for each.
///
/// # Errors
/// As [`encode_entry`].
pub fn encode_before(before: &[(AreaId, Option<DraftEntry>)]) -> Result<Vec<u8>, DraftCodecError> {
    let mut out = Vec::new();
    put_number(&mut out, before.len() as u64);
    for (id, entry) in before {
        out.extend_from_slice(id.0.as_bytes());
        match entry {
            None => out.push(BASE),
            Some(DraftEntry::Removed) => out.push(REMOVED),
            Some(DraftEntry::Put(area)) => {
                let outline = area.outline.as_deref();
                out.push(if outline.is_some() { DRAWN } else { BARE });
                put_bytes(&mut out, encode_attributes(area)?.as_bytes());
                if let Some(outline) = outline {
                    put_bytes(&mut out, &outline::encode(outline));
                }
            }
        }
    }
    Ok(out)
}

/// Reads what was there before a step.
///
/// # Errors
/// When the bytes are no such list.
pub fn decode_before(bytes: &[u8]) -> Result<Vec<(AreaId, Option<DraftEntry>)>, DraftCodecError> {
    let mut reader = Reader::new(bytes);
    let count = reader.count(17, "the number of areas")?;
    let mut before = Vec::with_capacity(count);
    for _ in 0..count {
        let id = AreaId(Uuid::from_bytes(reader.take("an identity")?));
        let [kind] = reader.take("an entry")?;
        let entry = match kind {
            BASE => None,
            REMOVED => Some(DraftEntry::Removed),
            BARE | DRAWN => {
                let attributes = reader.bytes("the attributes of an area")?;
                let outline = match kind {
                    DRAWN => Some(reader.bytes("the outline of an area")?),
                    _ => None,
                };
                let area = decode_area(id, attributes, outline)?;
                Some(DraftEntry::Put(area))
            }
            other => return Err(DraftCodecError::Kind(other)),
        };
        before.push((id, entry));
    }
    reader.end()?;
    Ok(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::outline::tests::any_outline;
    use super::*;

    fn any_id() -> impl Strategy<Value = AreaId> {
        any::<u128>().prop_map(|id| AreaId(Uuid::from_u128(id)))
    }

    fn any_area() -> impl Strategy<Value = DraftArea> {
        (
            any_id(),
            (".*", ".*", prop::option::of(".*")),
            prop::option::of(prop::sample::select(Level::ALL)),
            prop::option::of(prop::sample::select(GridKind::ALL)),
            prop::option::of(any_outline()),
            any::<bool>(),
            prop::collection::vec(any_id(), 0..3),
            prop::option::of(any::<usize>()),
        )
            .prop_map(
                |(id, (code, name, parent), level, kind, outline, generated, lineage, feature)| {
                    DraftArea {
                        id,
                        code,
                        name,
                        level,
                        parent,
                        kind,
                        outline: outline.map(Arc::new),
                        generated,
                        lineage,
                        feature,
                    }
                },
            )
    }

    fn any_before() -> impl Strategy<Value = Vec<(AreaId, Option<DraftEntry>)>> {
        let entry = prop_oneof![
            any_id().prop_map(|id| (id, None)),
            any_id().prop_map(|id| (id, Some(DraftEntry::Removed))),
            any_area().prop_map(|area| (area.id, Some(DraftEntry::Put(area)))),
        ];
        prop::collection::vec(entry, 0..6)
    }

    proptest! {
        #[test]
        fn any_area_comes_back_as_it_was(area in any_area()) {
            let (id, entry) = (area.id, DraftEntry::Put(area));
            let EncodedEntry { attributes, outline } = encode_entry(&entry).unwrap();
            let attributes = attributes.as_ref().map(String::as_bytes);
            let decoded = decode_entry(id, attributes, outline.as_deref());
            prop_assert_eq!(decoded.unwrap(), entry);
        }

        #[test]
        fn what_was_before_comes_back_as_it_was(before in any_before()) {
            let bytes = encode_before(&before).unwrap();
            prop_assert_eq!(decode_before(&bytes).unwrap(), before);
        }

        #[test]
        fn damaged_bytes_are_something_else_or_an_error(
            before in any_before(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = encode_before(&before).unwrap();
            prop_assert!(decode_before(&bytes[..length.index(bytes.len())]).is_err());
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = decode_before(&bytes);
        }
    }

    #[test]
    fn areas_that_were_not_there_take_17_bytes() {
        let before: Vec<_> = (0..100)
            .map(|n| (AreaId(Uuid::from_u128(n)), None))
            .collect();
        assert_eq!(encode_before(&before).unwrap().len(), 1 + 100 * 17);
    }

    #[test]
    fn what_is_wrong_with_the_bytes_is_said() {
        for (bytes, expected) in [
            (
                vec![],
                "what a step changed cannot be read: the bytes end after 0, in the middle of \
                 the number of areas",
            ),
            (
                [&[1; 17][..], &[9]].concat(),
                "an entry of a step begins with 9 instead of 0 to 3",
            ),
            (
                [&[1; 17][..], &[0, 0]].concat(),
                "what a step changed cannot be read: 1 bytes follow the end",
            ),
        ] {
            let error = decode_before(&bytes).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
