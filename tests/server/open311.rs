//! Open311 `GeoReport` v2: the examples of its documentation
//! (<http://wiki.open311.org/GeoReport_v2>), with the values of our catalogue, in both
//! formats. XML is read by a parser that has nothing to do with what writes it.

use reqwest::Method;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::ground::{Backend, Ground};
use crate::media::{add, fetch, photo};
use crate::process::Server;
use crate::territory::{Place, SERVICE, places, two_townships};

const ENDPOINT: &str = "/open311/v2";
/// Elements whose children are all of one kind, by the standard's tables.
const LISTS: [&str; 8] = [
    "services",
    "attributes",
    "values",
    "service_requests",
    "service_request_updates",
    "errors",
    "endpoints",
    "formats",
];
/// What the standard's table of `GET requests` has, in its order.
const REQUEST: [&str; 17] = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
];

/// An XML document as JSON by the Spark convention, all values as text.
fn spark(element: Node<'_, '_>) -> Value {
    let children: Vec<Node<'_, '_>> = element.children().filter(Node::is_element).collect();
    let name = element.tag_name().name();
    assert_eq!(element.tag_name().namespace(), None, "no namespace: {name}");
    assert_eq!(element.attributes().count(), 0, "no attributes: {name}");
    if LISTS.contains(&name) {
        let first = children.first().map(Node::tag_name);
        assert!(
            children.iter().all(|child| Some(child.tag_name()) == first),
            "{name} should hold one kind of element"
        );
        return children.into_iter().map(spark).collect();
    }
    if children.is_empty() {
        return element.text().map_or(Value::Null, Value::from);
    }
    children
        .into_iter()
        .map(|child| (child.tag_name().name().to_owned(), spark(child)))
        .collect()
}

/// JSON as [`spark`] makes it of XML.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(flag.to_string()),
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(as_texts).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), as_texts(value)))
            .collect(),
        other => other.clone(),
    }
}

#[track_caller]
fn read_json(answer: &Answer) -> Value {
    assert_eq!(
        answer.headers["content-type"], "application/json; charset=utf-8",
        "{}",
        answer.request
    );
    answer.json()
}

#[track_caller]
fn read_xml(answer: &Answer, root: &str) -> Value {
    assert_eq!(
        answer.headers["content-type"], "text/xml; charset=utf-8",
        "{}",
        answer.request
    );
    assert!(
        answer
            .text
            .starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
        "{}",
        answer.text
    );
    let document = Document::parse(&answer.text).unwrap_or_else(|error| {
        panic!(
            "{} should be answered with XML: {error}: {}",
            answer.request, answer.text
        )
    });
    assert_eq!(document.root_element().tag_name().name(), root);
    spark(document.root_element())
}

/// The JSON answer, when the XML one says the same. `{}` stands for the format.
async fn ask(client: &Client, address: &str, root: &str) -> Value {
    let [json, xml] = ["json", "xml"].map(|format| address.replace("{}", format));
    let (json, xml) = (client.get(&json).await, client.get(&xml).await);
    assert_eq!((json.status, xml.status), (200, 200), "{}", json.text);
    let told = read_json(&json);
    assert_eq!(read_xml(&xml, root), as_texts(&told), "{address}");
    told
}

/// The same for something that is refused.
async fn refused(client: &Client, method: Method, address: &str, body: Option<&str>) -> Value {
    let mut told = vec![];
    for format in ["json", "xml"] {
        let address = address.replace("{}", format);
        let mut request = client.request(method.clone(), &address);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body.to_owned());
        }
        let answer = client.send(request).await;
        let errors = match format {
            "json" => read_json(&answer),
            _ => read_xml(&answer, "errors"),
        };
        assert_eq!(
            as_texts(&errors[0]["code"]),
            json!(answer.status.to_string()),
            "{}: {}",
            answer.request,
            answer.text
        );
        told.push(errors);
    }
    assert_eq!(told[1], as_texts(&told[0]), "{address}");
    told.swap_remove(0)
}

async fn post(client: &Client, address: &str, body: String) -> Answer {
    let request = client
        .request(Method::POST, address)
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )
        .body(body);
    client.send(request).await
}

/// Reports and says the number.
async fn report(client: &Client, place: &Place, more: &str) -> String {
    let body = format!("lat={}&long={}&{more}", place.lat, place.lon);
    let accepted = post(client, "/open311/v2/requests.json", body).await.ok();
    accepted[0]["service_request_id"]
        .as_str()
        .unwrap_or_else(|| panic!("a number should have been given: {accepted}"))
        .to_owned()
}

fn numbers(requests: &Value) -> Vec<&str> {
    let requests = requests.as_array().unwrap();
    requests
        .iter()
        .map(|request| request["service_request_id"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discovery_leads_to_services_and_their_definitions() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    ground.write(
        "wangge.toml",
        "[open311]\njurisdiction_id = \"huaian.gov.cn\"\ncontact = \"12345 <热线> & more\"\n",
    );
    let server = Server::closed(&ground).await;
    let client = server.client();

    let discovery = ask(&client, "/open311/discovery.{}", "discovery").await;
    assert_eq!(discovery["contact"], "12345 <热线> & more");
    assert!(discovery["key_service"].is_string(), "{discovery}");
    let url = format!("{}{ENDPOINT}", client.base());
    let changeset = &discovery["changeset"];
    assert!(changeset.is_string(), "{discovery}");
    assert_eq!(
        discovery["endpoints"],
        json!([{
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": url,
            "changeset": changeset,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }])
    );

    let services = ask(
        &client,
        "/open311/v2/services.{}?jurisdiction_id=huaian.gov.cn",
        "services",
    )
    .await;
    let catalogue = client.get("/api/v1/services").await.ok();
    let codes = |list: &Value, member: &str| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|it| it[member].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        codes(&services, "service_code"),
        codes(&catalogue["items"], "code"),
        "every service can be reported"
    );
    assert_eq!(
        services[0],
        json!({
            "service_code": "city-exposed-garbage",
            "service_name": "暴露垃圾",
            "description": "道路、绿地、空地等处有成堆垃圾未清理。",
            "metadata": true,
            "type": "realtime",
            "keywords": "暴露垃圾, Garbage left in the open, 市容环境, City appearance",
            "group": "市容环境",
        })
    );

    let english = client
        .request(
            Method::GET,
            "/open311/v2/services/city-exposed-garbage.json",
        )
        .header("accept-language", "en-GB,en;q=0.9");
    let definition = client.send(english).await;
    assert_eq!(definition.headers["content-language"], "en");
    assert_eq!(
        read_json(&definition),
        json!({
            "service_code": "city-exposed-garbage",
            "attributes": [
                {
                    "variable": true,
                    "code": "kind",
                    "datatype": "singlevaluelist",
                    "required": true,
                    "datatype_description": null,
                    "order": 1,
                    "description": "Kind of waste",
                    "values": [
                        { "key": "household", "name": "Household" },
                        { "key": "garden", "name": "Garden" },
                        { "key": "mixed", "name": "Mixed" },
                    ],
                },
                {
                    "variable": true,
                    "code": "volume_m3",
                    "datatype": "number",
                    "required": false,
                    "datatype_description": null,
                    "order": 2,
                    "description": "Volume (about, m³)",
                    "values": [],
                },
            ],
        })
    );
    for service in services.as_array().unwrap() {
        let code = service["service_code"].as_str().unwrap();
        let address = format!("/open311/v2/services/{code}.{{}}");
        let definition = ask(&client, &address, "service_definition").await;
        assert_eq!(
            json!(!definition["attributes"].as_array().unwrap().is_empty()),
            service["metadata"],
            "{code}: metadata should say whether there are attributes"
        );
    }

    for address in [
        "/open311/v2/services.{}",
        "/open311/v2/requests.{}",
        "/open311/v2/services/city-exposed-garbage.{}",
    ] {
        let address = format!("{address}?jurisdiction_id=city.gov");
        let errors = refused(&client, Method::GET, &address, None).await;
        assert_eq!(errors[0]["code"], 404, "{errors}");
        let description = errors[0]["description"].as_str().unwrap();
        assert!(description.contains("jurisdiction_id"), "{errors}");
    }
}

/// The example of the standard, with a service and a place of ours.
fn example(place: &Place, key: &str) -> String {
    format!(
        "api_key={key}&jurisdiction_id=city.gov&service_code=city-public-toilet-dirty\
         &lat={}&long={}&address_string=1234+5th+street&email=smit333%40sfgov.edu\
         &device_id=tt222111&account_id=123456&first_name=john&last_name=smith&phone=111111111\
         &description=A+large+sinkhole+is+destroying+the+street%0D%0A%3Cb%3E+%26+%E5%9D%91\
         &media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg\
         &attribute[problems][]=dirty&attribute[problems][]=no_water",
        place.lat, place.lon
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_reported_and_shown_to_each_as_much_as_they_may_see() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin_key = ground.key("管理员", "administrator", &[]);
    let admin = public.with_key(&admin_key);
    let [here, there] = two_townships(&public).await;

    let answer = post(&public, "/open311/v2/requests.xml", example(&here, "")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let tracking_key = answer.headers["wangge-tracking-key"].to_str().unwrap();
    let accepted = read_xml(&answer, "service_requests");
    let number = accepted[0]["service_request_id"].as_str().unwrap();
    assert_eq!(
        accepted,
        json!([{
            "service_request_id": number,
            "service_notice": "未保存: email, device_id, account_id",
            "account_id": null,
        }])
    );

    // What the rest of the house has of it.
    let incident = admin.get(&format!("/api/v1/incidents/{number}")).await.ok();
    assert_eq!(
        incident["form"],
        json!({ "problems": ["dirty", "no_water"] })
    );
    assert_eq!(incident["reporter"]["name"], "j*********");
    assert_eq!(incident["source"], "resident");
    assert_eq!(
        (&incident["lon"], &incident["lat"]),
        (&json!(here.lon), &json!(here.lat))
    );

    let address = format!("/open311/v2/requests/{number}.{{}}");
    let seen = ask(&public, &address, "service_requests").await;
    let seen = &seen[0];
    let members: Vec<&String> = seen.as_object().unwrap().keys().collect();
    let mut expected = REQUEST;
    expected.sort_unstable();
    assert_eq!(members, expected, "the table of the standard");
    for hidden in ["description", "lat", "long", "media_url"] {
        assert_eq!(seen[hidden], Value::Null, "{hidden} is nobody's: {seen}");
    }
    let said = seen.to_string();
    for personal in ["smith", "111111111", "1234 5th", "sinkhole", "flickr"] {
        assert!(!said.contains(personal), "{personal} is nobody's: {seen}");
    }
    assert_eq!(seen["status"], "open");
    assert_eq!(seen["service_code"], "city-public-toilet-dirty");
    assert_eq!(seen["agency_responsible"], incident["holder"]["name"]);
    let chain = incident["chain"].as_array().unwrap();
    let told: Vec<&str> = chain
        .iter()
        .filter(|area| {
            ["province", "city", "county", "township"].contains(&area["level"].as_str().unwrap())
        })
        .map(|area| area["name"].as_str().unwrap())
        .rev()
        .collect();
    assert_eq!(told.len(), 4);
    assert_eq!(
        seen["address"],
        told.join(", "),
        "the township at the finest"
    );
    let text = public.get(&address.replace("{}", "xml")).await.text;
    let places = REQUEST.map(|name| text.find(&format!("<{name}")).unwrap());
    assert!(places.is_sorted(), "in the order of the standard: {text}");

    let township = ["--area", here.township()];
    let other = ["--area", there.township()];
    let dispatcher = public.with_key(&ground.key("本镇", "dispatcher", &township));
    let stranger = public.with_key(&ground.key("外镇", "dispatcher", &other));
    let reporter = public.with_tracking_key(tracking_key);
    for who in [&dispatcher, &reporter] {
        let seen = ask(who, &address, "service_requests").await;
        let seen = &seen[0];
        assert_eq!(
            seen["description"],
            "A large sinkhole is destroying the street\n<b> & 坑"
        );
        assert_eq!(seen["address"], "1234 5th street");
        assert_eq!(
            (&seen["lat"], &seen["long"]),
            (&json!(here.lat), &json!(here.lon))
        );
        assert_eq!(
            seen["media_url"],
            "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg"
        );
        assert!(!seen.to_string().contains("smith"), "{seen}");
    }
    let theirs = ask(&stranger, &address, "service_requests").await;
    assert_eq!(&theirs[0], seen, "outside the own area one is the public");
    let by_argument = format!("{address}?api_key={admin_key}");
    let seen = ask(&public, &by_argument, "service_requests").await;
    assert_eq!(seen[0]["lat"], json!(here.lat));

    let resolved = ask(
        &public,
        &format!("/open311/v2/tokens/{number}.{{}}"),
        "service_requests",
    )
    .await;
    assert_eq!(
        resolved,
        json!([{ "service_request_id": number, "token": number }])
    );

    // A key says who reports.
    let by_key = format!("service_code={SERVICE}&api_key={admin_key}");
    let number = report(&public, &here, &by_key).await;
    let incident = admin.get(&format!("/api/v1/incidents/{number}")).await.ok();
    assert_eq!(incident["source"], "dispatcher");
    assert_eq!(
        incident["description"], incident["service_name"]["zh"],
        "the standard lets the description be left out"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_photo_is_shown_to_whoever_sees_the_whole() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &[]));
    let place = places(&public).await.swap_remove(3);
    let incident = place.file(&public, "旧沙发").await;
    let document = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n".as_slice();
    let mut hrefs = vec![];
    for file in [document, &photo(), &photo()] {
        let added = add(&dispatcher, &incident, file, &[]).await.expect(201);
        hrefs.push(added["href"].as_str().unwrap().to_owned());
    }
    let number = incident["number"].as_str().unwrap();
    for address in [
        format!("/open311/v2/requests/{number}.{{}}"),
        format!("/open311/v2/requests.{{}}?service_request_id={number}"),
    ] {
        let seen = ask(&public, &address, "service_requests").await;
        assert_eq!(seen[0]["media_url"], Value::Null);
        let seen = ask(&dispatcher, &address, "service_requests").await;
        let told = seen[0]["media_url"].as_str().unwrap();
        assert_eq!(told, format!("{}{}", server.client().base(), hrefs[1]));
        let (headers, _) = fetch(&dispatcher, &hrefs[1]).await;
        assert_eq!(headers["content-type"], "image/jpeg");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_report_with_a_key_of_its_own_is_one_request() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(3);
    let mut given = vec![];
    for _ in 0..2 {
        let body = format!(
            "service_code={SERVICE}&lat={}&long={}",
            place.lat, place.lon
        );
        let request = client
            .request(Method::POST, "/open311/v2/requests.json")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("idempotency-key", "9c1f")
            .body(body);
        given.push(client.send(request).await.ok());
    }
    assert_eq!(given[0], given[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_found_by_the_arguments_of_the_standard() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let place = places(&public).await.swap_remove(7);
    let mut given = vec![];
    for service in [SERVICE, "street-drying-clothes", SERVICE] {
        let body = format!("service_code={service}&description=order+7391x");
        given.push(report(&public, &place, &body).await);
    }
    let [a, b, c] = &given[..] else {
        unreachable!()
    };
    let first = admin.get(&format!("/api/v1/incidents/{a}")).await.ok();
    admin
        .act(&first, json!({ "action": "reject", "reason": "不属实" }))
        .await
        .ok();

    let list = async |query: &str| {
        let address = format!("/open311/v2/requests.{{}}?{query}");
        ask(&public, &address, "service_requests").await
    };
    let all = list("").await;
    let times: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["requested_datetime"].as_str().unwrap())
        .collect();
    assert!(times.len() <= 1_000);
    assert!(times.is_sorted_by(|a, b| a >= b), "the newest first");
    assert_eq!(&numbers(&all)[..3], [c, b, a]);
    let closed = list(&format!("service_request_id={a}")).await;
    assert_eq!(closed[0]["status"], "closed", "{closed}");
    assert_eq!(closed[0]["status_notes"], "不予受理", "{closed}");

    // "This overrides all other arguments", also wrong ones.
    let some = list(&format!(
        "service_request_id={a},19990101000001,{c}&status=closed&start_date=never&page=7"
    ))
    .await;
    assert_eq!(numbers(&some), [c, a]);
    assert_eq!(list("service_request_id=19990101000001").await, json!([]));

    for (query, inside, outside) in [
        (format!("service_code={SERVICE}"), vec![a, c], vec![b]),
        (
            format!("service_code={SERVICE},street-drying-clothes"),
            vec![a, b, c],
            vec![],
        ),
        ("service_code=no-such".to_owned(), vec![], vec![a, b, c]),
        ("status=open".to_owned(), vec![b, c], vec![a]),
        ("status=closed".to_owned(), vec![a], vec![b, c]),
        ("status=open,closed".to_owned(), vec![a, b, c], vec![]),
        ("status=".to_owned(), vec![a, b, c], vec![]),
        (
            "end_date=2010-06-24T00:00:00Z".to_owned(),
            vec![],
            vec![a, b, c],
        ),
        (
            "start_date=2010-05-24T00:00:00Z&end_date=2010-06-24T00:00:00Z&status=open".to_owned(),
            vec![],
            vec![a, b, c],
        ),
        (
            format!(
                "updated_before={}",
                closed[0]["requested_datetime"].as_str().unwrap()
            ),
            vec![],
            vec![a],
        ),
        ("unknown=argument".to_owned(), vec![a, b, c], vec![]),
    ] {
        let found = list(&query).await;
        let found = numbers(&found);
        for number in inside {
            assert!(found.contains(&number.as_str()), "{query}: {number}");
        }
        for number in outside {
            assert!(!found.contains(&number.as_str()), "{query}: {number}");
        }
    }
    check_pages(&public, &all).await;

    let of_public = list("extensions=true").await;
    assert_eq!(
        of_public[0]["extended_attributes"]["detailed_status"], "reported",
        "{}",
        of_public[0]
    );
    let area = of_public[0]["extended_attributes"]["area_code"].as_str();
    assert_eq!(area, Some(place.township()));
    let searched = ask(
        &admin,
        "/open311/v2/requests.{}?q=order+7391x",
        "service_requests",
    )
    .await;
    assert_eq!(numbers(&searched), [c, b, a]);
    for query in ["q=order+7391x", "api_key=wrong", "api_key=wrong&q=a"] {
        let address = format!("/open311/v2/requests.{{}}?{query}");
        let errors = refused(&public, Method::GET, &address, None).await;
        assert_eq!(errors[0]["code"], 403, "{query}: {errors}");
    }
}

/// Pages lead from one to the next and hold all, each once.
async fn check_pages(client: &Client, all: &Value) {
    let mut seen: Vec<String> = vec![];
    let mut next = Some("/open311/v2/requests.json?page_size=400&status=open,closed".to_owned());
    while let Some(address) = next {
        let answer = client.get(&address).await;
        let link = answer
            .headers
            .get("link")
            .map(|link| link.to_str().unwrap());
        next = link.and_then(|link| {
            let link = link
                .split(", ")
                .find(|link| link.ends_with("rel=\"next\""))?;
            let (address, _) = link.trim_start_matches('<').split_once('>')?;
            Some(address.strip_prefix(client.base()).unwrap().to_owned())
        });
        let page = answer.ok();
        assert!(page.as_array().unwrap().len() <= 400);
        assert!(next.is_none() || page.as_array().unwrap().len() == 400);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
    }
    let all = numbers(all);
    assert_eq!(&seen[..all.len()], all, "pages are parts of the list");
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "nothing comes twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mistake_is_told_in_the_form_of_the_standard() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let long = format!(
        "service_code={SERVICE}&lat=33&long=119&description={}",
        "a".repeat(4_001)
    );
    let huge = format!("service_code={SERVICE}&description={}", "a".repeat(70_000));
    let at = "lat=33.6&long=119.02";
    for (code, method, address, body) in [
        (404, Method::GET, "/open311/v2/services/no-such.{}", None),
        (
            404,
            Method::GET,
            "/open311/v2/requests/19990101000001.{}",
            None,
        ),
        (404, Method::GET, "/open311/v2/requests/strange.{}", None),
        (
            404,
            Method::GET,
            "/open311/v2/tokens/19990101000001.{}",
            None,
        ),
        (
            404,
            Method::GET,
            "/open311/v2/requests/19990101000001/updates.{}",
            None,
        ),
        (404, Method::GET, "/open311/v2/nothing.{}", None),
        (404, Method::GET, "/open311/v3/services.{}", None),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?status=broken",
            None,
        ),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?start_date=yesterday",
            None,
        ),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?start_date=2010-01-01T00:00:00",
            None,
        ),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?start_date=2010-01-01T00:00:00Z&end_date=2010-04-02T00:00:00Z",
            None,
        ),
        (400, Method::GET, "/open311/v2/requests.{}?page=0", None),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?page=4294967295",
            None,
        ),
        (
            400,
            Method::GET,
            "/open311/v2/requests.{}?page_size=1001",
            None,
        ),
        (400, Method::GET, "/open311/v2/requests.{}?q=%00", None),
        (405, Method::DELETE, "/open311/v2/requests.{}", None),
        (405, Method::POST, "/open311/v2/services.{}", Some(at)),
        (
            403,
            Method::POST,
            "/open311/v2/requests.{}",
            Some("api_key=xyz"),
        ),
        (
            403,
            Method::POST,
            "/open311/v2/requests.{}?api_key=xyz",
            Some(at),
        ),
        (400, Method::POST, "/open311/v2/requests.{}", Some(at)),
        (400, Method::POST, "/open311/v2/requests.{}", Some("")),
        (400, Method::POST, "/open311/v2/requests.{}", None),
        (
            404,
            Method::POST,
            "/open311/v2/requests.{}?lat=33.6&long=119.02",
            Some("service_code=no-such"),
        ),
        (
            400,
            Method::POST,
            "/open311/v2/requests.{}",
            Some("service_code=city-bulky-waste&address_string=5th+street"),
        ),
        (
            400,
            Method::POST,
            "/open311/v2/requests.{}",
            Some("service_code=city-exposed-garbage&lat=33.6&long=119.02"),
        ),
        (
            400,
            Method::POST,
            "/open311/v2/requests.{}",
            Some("service_code=city-bulky-waste&lat=33.6&long=119.02&phone=none"),
        ),
        (
            400,
            Method::POST,
            "/open311/v2/requests.{}",
            Some("service_code=city-bulky-waste&lat=33.6&long=119.02&description=%B5%C4"),
        ),
        (400, Method::POST, "/open311/v2/requests.{}", Some(&long)),
        (400, Method::POST, "/open311/v2/requests.{}", Some(&huge)),
    ] {
        let errors = refused(&client, method.clone(), address, body).await;
        assert_eq!(errors[0]["code"], code, "{method} {address} {errors}");
        assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
        assert!(
            errors[0]["description"]
                .as_str()
                .is_some_and(|it| !it.is_empty()),
            "{errors}"
        );
    }
    for (code, address) in [
        (406, "/open311/v2/services"),
        (406, "/open311/v2/services.csv"),
        (406, "/open311/v2/services/city-bulky-waste"),
        (404, "/open311"),
        (404, "/open311/v2"),
    ] {
        let answer = client.get(address).await;
        assert_eq!(answer.status, code, "{address}");
        let errors = read_xml(&answer, "errors");
        assert_eq!(errors[0]["code"], code.to_string(), "{errors}");
    }
    let typed = client
        .request(Method::POST, "/open311/v2/requests.json")
        .json(&json!({ "service_code": SERVICE }));
    let answer = client.send(typed).await;
    assert_eq!(answer.status, 400);
    assert_eq!(read_json(&answer)[0]["code"], 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_steps_of_requests_are_told_as_updates() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let place = places(&public).await.swap_remove(11);
    let number = report(&public, &place, &format!("service_code={SERVICE}")).await;
    let path = format!("/api/v1/incidents/{number}");
    let incident = admin.get(&path).await.ok();
    let rejected = admin
        .act(
            &incident,
            json!({ "action": "reject", "reason": "李四家的" }),
        )
        .await
        .ok();

    let address = format!("/open311/v2/requests/{number}/updates.{{}}");
    let updates = ask(&public, &address, "service_request_updates").await;
    let at = |incident: &Value| {
        let time = incident["updated_at"].as_str().unwrap();
        format!("{}Z", &time[..19])
    };
    let expected = json!([
        {
            "update_id": format!("{number}.1"),
            "service_request_id": number,
            "status": "open",
            "updated_datetime": at(&incident),
            "description": "上报",
            "media_url": null,
        },
        {
            "update_id": format!("{number}.2"),
            "service_request_id": number,
            "status": "closed",
            "updated_datetime": at(&rejected),
            "description": "不予受理",
            "media_url": null,
        },
    ]);
    assert_eq!(updates, expected);
    let whole = ask(&admin, &address, "service_request_updates").await;
    assert_eq!(whole[1]["description"], "不予受理：李四家的");

    let since = at(&incident);
    let recent = format!("/open311/v2/servicerequestupdates.{{}}?start_date={since}");
    let recent = ask(&public, &recent, "service_request_updates").await;
    let mine: Vec<&Value> = recent
        .as_array()
        .unwrap()
        .iter()
        .filter(|update| update["service_request_id"] == number)
        .collect();
    assert_eq!(
        mine,
        expected.as_array().unwrap().iter().collect::<Vec<_>>()
    );
    let before = "/open311/v2/servicerequestupdates.{}?end_date=2010-06-24T00:00:00Z";
    assert_eq!(
        ask(&public, before, "service_request_updates").await,
        json!([])
    );
}
