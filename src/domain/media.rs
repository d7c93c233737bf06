//! Photos and documents of an incident (影像资料): what is known of a file beside its bytes.
//! They are added to its history and never changed.

use serde::Serialize;
use utoipa::ToSchema;

use super::Timestamp;
use super::actor::Role;
use super::identity::{IncidentId, MediaId};
use super::words::words;

/// The largest file that is taken in, in bytes.
pub const MAX_MEDIA_BYTES: u64 = 20 * 1024 * 1024;
/// How many files an incident has at most.
pub const MAX_MEDIA: u32 = 30;

words! {
    /// What a file is, by what it holds.
    pub enum MediaKind ("kind of file") {
        Jpeg = "jpeg",
        Png = "png",
        Webp = "webp",
        Pdf = "pdf",
    }
}

impl MediaKind {
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// How the name of such a file ends, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// True for pictures, which are looked at; documents are opened elsewhere.
    #[must_use]
    pub const fn is_photo(self) -> bool {
        !matches!(self, Self::Pdf)
    }
}

words! {
    /// What a file shows of the matter.
    pub enum MediaStage ("stage") {
        /// 处置前
        Before = "before",
        /// 处置后
        After = "after",
        Other = "other",
    }
}

/// A photo or document of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub id: MediaId,
    pub incident: IncidentId,
    pub kind: MediaKind,
    pub stage: MediaStage,
    pub caption: Option<String>,
    /// 证据: kept bit for bit as it was sent, with the place and the time that the camera
    /// wrote into it.
    pub evidence: bool,
    /// True when what the camera wrote into the file was taken out of it.
    pub stripped: bool,
    /// The length of what is kept.
    pub bytes: u64,
    /// SHA-256 of what is kept, hexadecimal.
    pub sha256: String,
    /// SHA-256 of what was sent, hexadecimal.
    pub sent_sha256: String,
    /// Of a photo, in points, the right way up.
    pub size: Option<PhotoSize>,
    pub at: Timestamp,
    /// As it is written into histories.
    pub by: String,
    pub role: Role,
}

/// Width and height in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhotoSize {
    pub width: u32,
    pub height: u32,
}

/// Two photos to be looked at side by side (处置前后对比).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaPair {
    pub before: MediaId,
    pub after: MediaId,
}

impl MediaPair {
    /// The latest photo from before with the latest from after; `None` while one is missing.
    #[must_use]
    pub fn of(media: &[Media]) -> Option<Self> {
        let latest = |stage| {
            let photos = media
                .iter()
                .filter(|media| media.kind.is_photo() && media.stage == stage);
            let latest = photos.max_by_key(|media| (media.at, media.id));
            latest.map(|media| media.id)
        };
        Some(Self {
            before: latest(MediaStage::Before)?,
            after: latest(MediaStage::After)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn media(id: u128, kind: MediaKind, stage: MediaStage, at_s: i64) -> Media {
        Media {
            id: MediaId(Uuid::from_u128(id)),
            incident: IncidentId(Uuid::nil()),
            kind,
            stage,
            caption: None,
            evidence: false,
            stripped: true,
            bytes: 1,
            sha256: String::new(),
            sent_sha256: String::new(),
            size: None,
            at: Timestamp::from_timestamp(at_s, 0).unwrap(),
            by: "甲".to_owned(),
            role: Role::Worker,
        }
    }

    #[test]
    fn the_latest_photos_from_before_and_after_are_a_pair() {
        use MediaKind::{Jpeg, Pdf, Png};
        use MediaStage::{After, Before, Other};
        let all = [
            media(1, Jpeg, Before, 10),
            media(2, Png, Before, 30),
            media(3, Jpeg, Before, 20),
            media(4, Jpeg, After, 15),
            media(5, Pdf, After, 40),
            media(6, Jpeg, Other, 50),
        ];
        let id = |n| MediaId(Uuid::from_u128(n));
        let pair = MediaPair::of(&all).unwrap();
        assert_eq!((pair.before, pair.after), (id(2), id(4)));
        for missing in [&all[..3], &all[3..]] {
            assert_eq!(MediaPair::of(missing), None);
        }
    }
}
