//! Addresses and networks.

use crate::item::Item;
use proofmark_model::SmolStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: an address and the number of bits that are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

/// IPv4 ranges that are not reachable from the public internet (IANA IPv4 Special-Purpose Address Registry).
const PRIVATE_V4: [(Ipv4Addr, u8); 14] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6 ranges that are not reachable from the public internet (IANA IPv6 Special-Purpose Address Registry).
const PRIVATE_V6: [(Ipv6Addr, u8); 6] = [
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// A network taken apart.
pub(super) fn cidr<'a>(text: &str) -> Item<'a> {
    let Some(network) = Network::parse(text) else { return not_network() };
    let version = if network.address.is_ipv4() { 4 } else { 6 };
    let free_bits = network.bits() - u32::from(network.prefix);
    // Beyond 2^62 addresses nobody counts.
    let size = 1_i64.checked_shl(free_bits).filter(|size| *size > 0 && free_bits < 63).unwrap_or(i64::MAX);
    Item::record(vec![
        (SmolStr::new_static("address"), Item::text(smol_str::format_smolstr!("{}", network.address))),
        (SmolStr::new_static("prefix"), Item::Integer(i64::from(network.prefix))),
        (SmolStr::new_static("version"), Item::Integer(version)),
        (SmolStr::new_static("size"), Item::Integer(size)),
        (SmolStr::new_static("is_public"), Item::Bool(network.is_public())),
    ])
}

/// Whether a network holds an address of the public internet.
pub(super) fn is_public<'a>(text: &str) -> Item<'a> {
    Network::parse(text).map_or_else(not_network, |network| Item::Bool(network.is_public()))
}

/// Whether a network lies inside another, or is the same.
pub(super) fn within<'a>(inner: &str, outer: &str) -> Item<'a> {
    match (Network::parse(inner), Network::parse(outer)) {
        (Some(inner), Some(outer)) => Item::Bool(outer.holds(inner)),
        _ => not_network(),
    }
}

fn not_network<'a>() -> Item<'a> {
    Item::unknown("the text is no network such as `10.0.0.0/8`")
}

impl Network {
    /// An address alone is a network of one.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(most);
        (prefix <= most).then_some(Self { address, prefix })
    }

    fn bits(self) -> u32 {
        if self.address.is_ipv4() { 32 } else { 128 }
    }

    fn holds(self, inner: Self) -> bool {
        self.prefix <= inner.prefix
            && match (self.address, inner.address) {
                (IpAddr::V4(outer), IpAddr::V4(inner)) => same_bits_v4(outer, inner, self.prefix),
                (IpAddr::V6(outer), IpAddr::V6(inner)) => same_bits_v6(outer, inner, self.prefix),
                _ => false,
            }
    }

    /// A network lies outside the internet only where one of the private ranges holds all of it.
    fn is_public(self) -> bool {
        let is_private = match self.address {
            IpAddr::V4(address) => PRIVATE_V4
                .iter()
                .any(|(range, prefix)| self.prefix >= *prefix && same_bits_v4(address, *range, *prefix)),
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(mapped) if self.prefix >= 96 => {
                    !Self { address: IpAddr::V4(mapped), prefix: self.prefix - 96 }.is_public()
                }
                _ => PRIVATE_V6
                    .iter()
                    .any(|(range, prefix)| self.prefix >= *prefix && same_bits_v6(address, *range, *prefix)),
            },
        };
        !is_private
    }
}

fn same_bits_v4(left: Ipv4Addr, right: Ipv4Addr, bits: u8) -> bool {
    let differing = u32::from(left) ^ u32::from(right);
    differing.leading_zeros() >= u32::from(bits)
}

fn same_bits_v6(left: Ipv6Addr, right: Ipv6Addr, bits: u8) -> bool {
    let differing = u128::from(left) ^ u128::from(right);
    differing.leading_zeros() >= u32::from(bits)
}
