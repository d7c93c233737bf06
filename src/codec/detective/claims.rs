//! Where the areas of a file say they belong in the territory.

use std::collections::HashMap;

use rayon::prelude::*;
use serde_json::{Map, Value};

use crate::codec::columns::{FieldMapping, text};
use crate::codec::feature::RawFeature;
use crate::domain::{AreaCode, CodeScheme};
use crate::index::Atlas;
use crate::index::atlas::Ordinal;

/// How many parents are followed within the file.
const MOST_LEVELS: usize = 8;

/// What the codes of a feature say of its ground. Only areas with ground are named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Claim {
    /// The area of the same code, as it stands.
    pub standing: Option<Ordinal>,
    /// The nearest area above it.
    pub above: Option<Ordinal>,
}

/// The claims of all features of a layer, in their order.
pub(super) fn read_claims(
    features: &[RawFeature],
    mapping: &FieldMapping,
    scheme: &CodeScheme,
    atlas: &Atlas,
) -> Vec<Claim> {
    if atlas.areas().is_empty() {
        return vec![Claim::default(); features.len()];
    }
    let reader = Reader {
        mapping,
        scheme,
        atlas,
        parents: named_parents(features, mapping),
    };
    features
        .par_iter()
        .map(|feature| reader.read(&feature.properties))
        .collect()
}

struct Reader<'a> {
    mapping: &'a FieldMapping,
    scheme: &'a CodeScheme,
    atlas: &'a Atlas,
    /// What the file says is the parent of a code.
    parents: HashMap<AreaCode, AreaCode>,
}

fn named_parents(features: &[RawFeature], mapping: &FieldMapping) -> HashMap<AreaCode, AreaCode> {
    let pairs = features.iter().filter_map(|feature| {
        let code = read_code(&feature.properties, mapping.code.as_deref())?;
        Some((
            code,
            read_code(&feature.properties, mapping.parent.as_deref())?,
        ))
    });
    pairs.collect()
}

fn read_code(properties: &Map<String, Value>, column: Option<&str>) -> Option<AreaCode> {
    text(properties, column?)?.parse().ok()
}

impl Reader<'_> {
    fn read(&self, properties: &Map<String, Value>) -> Claim {
        let code = read_code(properties, self.mapping.code.as_deref());
        let parent = read_code(properties, self.mapping.parent.as_deref());
        let standing = code.as_ref().and_then(|code| self.atlas.find(code));
        let named = parent.and_then(|parent| self.find_ground(parent));
        let stands_under = || {
            let above = self.atlas.ascend(standing?).nth(1)?;
            self.find_ground(above.code.clone())
        };
        let begins_with = || self.find_ground(self.scheme.parent_of(code.as_ref()?)?);
        Claim {
            standing: standing.filter(|&ordinal| self.has_ground(ordinal)),
            above: named.or_else(stands_under).or_else(begins_with),
        }
    }

    /// The area of a code if it has ground, or else the nearest above it that has: as the
    /// territory, the file or the beginning of the code says.
    fn find_ground(&self, code: AreaCode) -> Option<Ordinal> {
        let mut code = code;
        for _ in 0..MOST_LEVELS {
            if let Some(ordinal) = self.atlas.find(&code) {
                let mut chain = self.atlas.ascend(ordinal);
                return chain
                    .find(|area| area.shape.is_some())
                    .and_then(|area| self.atlas.find(&area.code));
            }
            let named = self.parents.get(&code).cloned();
            code = named.or_else(|| self.scheme.parent_of(&code))?;
        }
        None
    }

    fn has_ground(&self, ordinal: Ordinal) -> bool {
        self.atlas.area(ordinal).shape.is_some()
    }
}
