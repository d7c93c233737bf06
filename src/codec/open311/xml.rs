//! JSON into XML by the Spark convention.

use std::fmt;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Containers, and the elements in them.
const CHILDREN: [(&str, &str); 8] = [
    ("attributes", "attribute"),
    ("endpoints", "endpoint"),
    ("errors", "error"),
    ("formats", "format"),
    ("service_request_updates", "request_update"),
    ("service_requests", "request"),
    ("services", "service"),
    ("values", "value"),
];

/// Writes a document whose outermost element has this name. Members come in the order of the
/// text.
pub(super) fn write(root: &str, json: &str) -> Result<String, serde_json::Error> {
    let mut writer = Writer::new(Vec::new());
    put(
        &mut writer,
        Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)),
    )?;
    let mut reader = serde_json::Deserializer::from_str(json);
    Element {
        name: root,
        writer: &mut writer,
    }
    .deserialize(&mut reader)?;
    reader.end()?;
    String::from_utf8(writer.into_inner()).map_err(serde_json::Error::custom)
}

/// A value on its way to become an element of this name.
struct Element<'a> {
    name: &'a str,
    writer: &'a mut Writer<Vec<u8>>,
}

impl Element<'_> {
    fn write_text<E: Error>(mut self, text: &str) -> Result<(), E> {
        let text = clean(text);
        if text.is_empty() {
            return put(self.writer, Event::Empty(BytesStart::new(self.name)));
        }
        self.open()?;
        put(self.writer, Event::Text(BytesText::new(&text)))?;
        self.close()
    }

    fn open<E: Error>(&mut self) -> Result<(), E> {
        let start = BytesStart::new(self.name.to_owned());
        put(self.writer, Event::Start(start))
    }

    fn close<E: Error>(self) -> Result<(), E> {
        put(self.writer, Event::End(BytesEnd::new(self.name)))
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write_text("")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write_text(if value { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write_text(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write_text(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.write_text(&value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write_text(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let known = CHILDREN.iter().find(|(list, _)| *list == self.name);
        let &(_, child) = known.ok_or_else(|| {
            A::Error::custom(format!("what is in a list {:?} has no name", self.name))
        })?;
        self.open()?;
        while items
            .next_element_seed(Element {
                name: child,
                writer: &mut *self.writer,
            })?
            .is_some()
        {}
        self.close()
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.open()?;
        while let Some(name) = members.next_key::<String>()? {
            members.next_value_seed(Element {
                name: &name,
                writer: &mut *self.writer,
            })?;
        }
        self.close()
    }
}

fn put<E: Error>(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), E> {
    writer.write_event(event).map_err(E::custom)
}

/// Only what XML 1.0 can have (its production 2): some characters have no place there, not
/// even escaped.
fn clean(text: &str) -> String {
    let allowed = |c: &char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
            || *c >= '\u{1_0000}'
    };
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests {
    use crate::codec::open311::{Format, Root};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn a_container_of_one_kind_is_an_array_and_an_empty_element_is_null() {
        for (root, value, expected) in [
            (
                Root::Errors,
                json!([{ "code": 403, "description": "can't <proceed> & more" }]),
                "<errors><error><code>403</code>\
                 <description>can&apos;t &lt;proceed&gt; &amp; more</description></error></errors>",
            ),
            (Root::Services, json!([]), "<services></services>"),
            (
                Root::ServiceRequests,
                json!([{ "account_id": null, "lat": 37.5, "long": -122.0, "open": true }]),
                "<service_requests><request><account_id/><lat>37.5</lat><long>-122</long>\
                 <open>true</open></request></service_requests>",
            ),
            (
                Root::ServiceDefinition,
                json!({ "attributes": [{ "values": [{ "key": "a", "name": "甲" }] }] }),
                "<service_definition><attributes><attribute><values><value><key>a</key>\
                 <name>甲</name></value></values></attribute></attributes></service_definition>",
            ),
        ] {
            let written = Format::Xml.write(root, &value).unwrap();
            let expected = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{expected}");
            assert_eq!(written, expected, "{value}");
        }
    }

    #[test]
    fn a_list_whose_entries_have_no_name_is_refused_rather_than_guessed() {
        let strange = json!({ "colours": ["red"] });
        assert!(Format::Xml.write(Root::Discovery, &strange).is_err());
    }

    /// What an independent reader finds in the element, and in those in it.
    fn texts(xml: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(xml).unwrap();
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        let leaves = elements.filter(|element| !element.children().any(|it| it.is_element()));
        leaves
            .map(|leaf| leaf.text().unwrap_or_default().to_owned())
            .collect()
    }

    proptest! {
        #[test]
        fn every_text_comes_through_but_for_what_xml_cannot_have(
            said in proptest::collection::vec(any::<String>(), 1..4),
        ) {
            let entries: Vec<Value> = said
                .iter()
                .map(|text| json!({ "description": text }))
                .collect();
            let xml = Format::Xml.write(Root::ServiceRequests, &entries).unwrap();
            let kept = |text: &String| {
                let possible = text.chars().filter(|&c| {
                    (c >= ' ' || "\t\n\r".contains(c)) && !"\u{fffe}\u{ffff}".contains(c)
                });
                // A reader must take each end of a line for `\n` (XML 1.0, 2.11).
                let text: String = possible.collect();
                text.replace("\r\n", "\n").replace('\r', "\n")
            };
            prop_assert_eq!(texts(&xml), said.iter().map(kept).collect::<Vec<_>>());
        }
    }
}
