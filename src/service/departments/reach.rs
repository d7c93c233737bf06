//! Where webhooks may go. Whoever may say an address must not reach through this server
//! what only this server can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How far webhooks go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reach {
    /// The server is a demonstration: loopback may be told, also without TLS.
    pub open: bool,
    /// Addresses of private networks may be told.
    pub allow_private: bool,
}

/// Why an address is not told anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("{0:?} is no address; write one such as https://department.example/wangge")]
    NotAnAddress(String),
    #[error("{0:?} is not told anything without TLS; use https")]
    NeedsTls(String),
    #[error("names and passwords do not belong into an address; what is sent is signed")]
    Credentials,
    #[error(
        "{0} is an address of a private network; the setting webhooks.allow_private allows those"
    )]
    Private(String),
}

impl Reach {
    /// The address that a text is, if it may be told. What a name stands for is seen only
    /// when it is connected to, each time.
    ///
    /// # Errors
    /// When it may not.
    pub fn check(self, text: &str) -> Result<Url, AddressError> {
        let url: Url = text
            .parse()
            .map_err(|_| AddressError::NotAnAddress(text.to_owned()))?;
        let host = url
            .host_str()
            .ok_or_else(|| AddressError::NotAnAddress(text.to_owned()))?;
        let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let is_loopback = ip.map_or(host == "localhost", |ip| ip.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if self.open && is_loopback => {}
            _ => return Err(AddressError::NeedsTls(text.to_owned())),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        match ip {
            Some(ip) if !self.permits(ip) => Err(AddressError::Private(ip.to_string())),
            _ => Ok(url),
        }
    }

    /// True for an address that may be connected to.
    #[must_use]
    pub fn permits(self, ip: IpAddr) -> bool {
        (self.allow_private && is_private(ip)) || (self.open && ip.is_loopback()) || is_public(ip)
    }
}

/// Looks names up as the system does, and leaves out what may not be connected to: a name
/// may stand for another address every time it is asked for.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let permitted: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| reach.permits(address.ip()))
                .collect();
            if permitted.is_empty() && !found.is_empty() {
                return Err(AddressError::Private(name).into());
            }
            let addresses: Addrs = Box::new(permitted.into_iter());
            Ok(addresses)
        })
    }
}

/// True for an address of a network of one's own: RFC 1918, RFC 6598, RFC 4193. Neither this
/// machine nor what is on its own wire, where clouds tell secrets, is among them.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_private() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// True for an address of the open internet, by the registries of special addresses of
/// IANA (RFC 6890 and after).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        // Carriers' own.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        // Measuring.
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let [.., high, low] = segments;
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // An address of IPv4, written as one of IPv6, or behind a translator.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => inside(high, low),
        [0x2002, high, low, ..] => inside(high, low),
        // Only 2000::/3 has been given out; of that, Teredo and documentation are nobody's.
        [0x2001, 0 | 0xdb8, ..] | [0x3fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_told() {
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "240e::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(Reach::default().permits(ip.parse().unwrap()), "{ip}");
        }
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
        ] {
            let ip: IpAddr = text.parse().unwrap();
            assert!(!Reach::default().permits(ip), "{ip}");
            let private = Reach {
                allow_private: true,
                ..Reach::default()
            };
            let own = [
                "10.",
                "172.16.",
                "172.31.",
                "192.168.",
                "100.64.",
                "fc00:",
                "fd12:",
                "::ffff:10.",
            ];
            let is_own = own.iter().any(|network| text.starts_with(network));
            assert_eq!(private.permits(ip), is_own, "{ip}");
            let open = Reach {
                open: true,
                ..Reach::default()
            };
            assert_eq!(open.permits(ip), ip.is_loopback(), "{ip}");
        }
    }

    #[test]
    fn an_address_is_refused_before_anything_is_sent() {
        let (closed, open) = (
            Reach::default(),
            Reach {
                open: true,
                ..Reach::default()
            },
        );
        assert!(
            closed
                .check("https://department.example/wangge?a=b")
                .is_ok()
        );
        assert!(open.check("http://127.0.0.1:9/x").is_ok());
        assert!(open.check("http://localhost:9/x").is_ok());
        assert!(open.check("http://[::1]:9/x").is_ok());
        for text in [
            "http://department.example/",
            "ftp://department.example/",
            "file:///etc/passwd",
        ] {
            assert!(
                matches!(
                    open.check(text),
                    Err(AddressError::NeedsTls(_) | AddressError::NotAnAddress(_))
                ),
                "{text}"
            );
        }
        for text in ["", "department.example", "https://"] {
            assert!(
                matches!(closed.check(text), Err(AddressError::NotAnAddress(_))),
                "{text}"
            );
        }
        // Loopback and private networks in every spelling.
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:10.1.2.3]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(
                matches!(closed.check(text), Err(AddressError::Private(_))),
                "{text}"
            );
        }
        assert_eq!(
            closed.check("https://a:b@department.example/"),
            Err(AddressError::Credentials)
        );
        assert!(matches!(
            closed.check("http://127.0.0.1/"),
            Err(AddressError::NeedsTls(_))
        ));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_found_out_when_it_is_looked_up() {
        let look_up = |reach: Reach| reach.resolve("localhost".parse().unwrap());
        assert!(look_up(Reach::default()).await.is_err());
        let open = Reach {
            open: true,
            ..Reach::default()
        };
        assert!(
            look_up(open)
                .await
                .unwrap()
                .all(|address| address.ip().is_loopback())
        );
    }
}
