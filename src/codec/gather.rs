//! Features on their way into a layer, counted so that no file can fill the memory.

use std::collections::HashSet;

use serde_json::Value;

use super::feature::{FeatureFault, RawFeature};

/// Three times as many as all the villages of China.
pub(super) const MAX_FEATURES: usize = 2_000_000;
/// No area has so many parts and holes.
pub(super) const MAX_RINGS_OF_FEATURE: usize = 100_000;
pub(super) const MAX_RINGS: usize = 5_000_000;
/// In memory these take 1.5 GiB.
pub(super) const MAX_POINTS: usize = 100_000_000;
/// So many texts are shown to let people judge an encoding.
const SAMPLES: usize = 5;

/// What is too much for one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("the layer has more than {MAX_FEATURES} features; split it")]
    Features,
    #[error("the layer has more than {MAX_RINGS} rings; split it, or simplify it")]
    Rings,
    #[error("the layer has more than {MAX_POINTS} points; split it, or simplify it")]
    Points,
}

#[derive(Default)]
pub(super) struct Gathering {
    features: Vec<RawFeature>,
    columns: Vec<String>,
    known: HashSet<String>,
    rings: usize,
    points: usize,
}

impl Gathering {
    /// Notes columns, in the order of the file.
    pub(super) fn name_columns<'a>(&mut self, columns: impl IntoIterator<Item = &'a str>) {
        for column in columns {
            if !self.known.contains(column) {
                self.known.insert(column.to_owned());
                self.columns.push(column.to_owned());
            }
        }
    }

    /// # Errors
    /// When there are more features, rings or points than any layer has. A single feature
    /// with too many rings only loses them.
    pub(super) fn push(&mut self, mut feature: RawFeature) -> Result<(), LimitError> {
        if self.features.len() >= MAX_FEATURES {
            return Err(LimitError::Features);
        }
        if let Ok(polygons) = &feature.polygons {
            let rings = polygons.iter().map(Vec::len).sum::<usize>();
            let points = polygons.iter().flatten().map(Vec::len).sum::<usize>();
            // A polygon without rings takes as much memory as one with a ring.
            if rings.max(polygons.len()) > MAX_RINGS_OF_FEATURE {
                feature.polygons = Err(FeatureFault::TooManyRings(rings));
            } else {
                self.rings += rings.max(polygons.len());
                self.points += points;
            }
        }
        if self.rings > MAX_RINGS {
            return Err(LimitError::Rings);
        }
        if self.points > MAX_POINTS {
            return Err(LimitError::Points);
        }
        self.name_columns(feature.properties.keys().map(String::as_str));
        self.features.push(feature);
        Ok(())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The first few texts that are not plain ASCII, the names of columns last.
    pub(super) fn sample_texts(&self) -> Vec<String> {
        let values = self.features.iter().flat_map(|feature| {
            let values = feature.properties.values();
            values.filter_map(Value::as_str)
        });
        let texts = values.chain(self.columns.iter().map(String::as_str));
        let telling = texts.filter(|text| !text.is_ascii());
        telling.take(SAMPLES).map(str::to_owned).collect()
    }

    /// The columns and the features.
    pub(super) fn finish(self) -> (Vec<String>, Vec<RawFeature>) {
        (self.columns, self.features)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn feature(rings: usize) -> RawFeature {
        RawFeature {
            index: 1,
            polygons: Ok(vec![vec![Vec::new(); rings]]),
            properties: serde_json::Map::new(),
        }
    }

    #[test]
    fn a_feature_of_a_million_rings_is_a_fault_and_a_layer_of_them_an_error() {
        let mut gathering = Gathering::default();
        gathering.push(feature(1_000_000)).unwrap();
        assert_eq!(gathering.rings, 0);
        let result = (0..51).try_for_each(|_| gathering.push(feature(MAX_RINGS_OF_FEATURE)));
        assert_eq!(result, Err(LimitError::Rings));
        let (_, features) = gathering.finish();
        assert_eq!(
            features[0].polygons.clone().unwrap_err().to_string(),
            "it has 1000000 rings, more than any area has (100000); simplify it, or remove the feature"
        );
        assert_eq!(features.len(), 51);
    }

    #[test]
    fn columns_keep_their_order_and_texts_are_sampled() {
        let mut gathering = Gathering::default();
        gathering.name_columns(["名称", "code"]);
        for name in ["plain", "玄武区", "秦淮区"] {
            let mut feature = feature(1);
            feature.properties.insert("名称".into(), json!(name));
            feature.properties.insert("n".into(), json!(1));
            gathering.push(feature).unwrap();
        }
        assert_eq!(gathering.sample_texts(), ["玄武区", "秦淮区", "名称"]);
        assert_eq!(gathering.finish().0, ["名称", "code", "n"]);
    }
}
