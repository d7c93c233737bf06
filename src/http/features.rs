//! Feature collections, sent piece by piece while they are written.

use std::io;

use axum::body::{Body, Bytes};
use futures::stream;
use serde::ser::{Serialize, SerializeMap, Serializer};
use tokio::task::spawn_blocking;

use crate::codec::geojson::{FeatureWriter, Geometry};
use crate::index::filter::{Place, Queryable, Record};
use crate::service::features::{Collection, Feature};

/// A piece of an answer is sent when it is as long as this.
const PIECE: usize = 64 * 1024;

/// Whether there is more to write.
pub enum Next {
    More,
    End,
}

/// A collection of which `write_next` writes one feature after the other. Each piece is
/// written when the reader has room for it, off the threads that answer others: no more than
/// one is in memory, a reader that is slow keeps nobody waiting, and one that goes away ends
/// the work.
pub fn stream_collection<W>(writer: FeatureWriter, write_next: W) -> Body
where
    W: FnMut(&mut FeatureWriter) -> serde_json::Result<Next> + Send + 'static,
{
    let start = Some((writer, write_next));
    Body::from_stream(stream::try_unfold(start, |state| async move {
        let Some(state) = state else {
            return Ok(None);
        };
        let piece = spawn_blocking(move || write_piece(state)).await;
        Ok::<_, io::Error>(Some(piece.map_err(io::Error::other)??))
    }))
}

/// What has been written, and what goes on from there.
type Piece<W> = (Bytes, Option<(FeatureWriter, W)>);

fn write_piece<W>((mut writer, mut write_next): (FeatureWriter, W)) -> serde_json::Result<Piece<W>>
where
    W: FnMut(&mut FeatureWriter) -> serde_json::Result<Next>,
{
    while let Next::More = write_next(&mut writer)? {
        if writer.pending() >= PIECE {
            let piece = Bytes::from(writer.take());
            return Ok((piece, Some((writer, write_next))));
        }
    }
    Ok((Bytes::from(writer.finish()), None))
}

/// What a feature is drawn as: what is drawn and not judged yet, as it is drawn.
pub fn geometry<'a>(feature: &'a Feature<'a>) -> Geometry<'a> {
    if let Some(outline) = feature.outline() {
        return Geometry::Outline(outline);
    }
    match feature.place() {
        Place::Shape(shape) => Geometry::Shape(shape),
        Place::Point(point) => Geometry::Point(point),
        Place::None => Geometry::None,
    }
}

pub const fn properties<'a>(feature: &'a Feature<'a>, collection: Collection) -> Properties<'a> {
    Properties {
        feature,
        queryables: collection.queryables(),
    }
}

/// The properties of a feature: all that may be asked about.
pub struct Properties<'a> {
    feature: &'a Feature<'a>,
    queryables: &'static [Queryable],
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.queryables.len()))?;
        for (index, queryable) in self.queryables.iter().enumerate() {
            map.serialize_entry(queryable.name, &self.feature.value(index))?;
        }
        map.end()
    }
}
