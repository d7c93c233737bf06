//! The seven levels of a territory.

use super::words::words;

words! {
    /// How deep an area stands in the territory, from the province down.
    pub enum Level ("level") {
        Province = "province",
        City = "city",
        County = "county",
        Township = "township",
        Community = "community",
        Grid = "grid",
        Microgrid = "microgrid",
    }
}

impl Level {
    /// Position from the top: 0 for a province, 6 for a microgrid.
    #[must_use]
    pub const fn depth(self) -> usize {
        self as usize
    }

    /// The layer that shows areas of this level, as in `/layers/{layer}.geojson`.
    #[must_use]
    pub const fn layer(self) -> &'static str {
        match self {
            Self::Province => "provinces",
            Self::City => "cities",
            Self::County => "counties",
            Self::Township => "townships",
            Self::Community => "communities",
            Self::Grid => "grids",
            Self::Microgrid => "microgrids",
        }
    }

    /// The level whose layer has this name.
    #[must_use]
    pub fn from_layer(layer: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|level| level.layer() == layer)
    }

    /// The level in Chinese, as the interface and messages show it.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Province => "省",
            Self::City => "市",
            Self::County => "县区",
            Self::Township => "乡镇街道",
            Self::Community => "村社区",
            Self::Grid => "网格",
            Self::Microgrid => "微网格",
        }
    }
}
