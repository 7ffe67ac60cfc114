//! Functions over IP networks.

use super::signature::{Function, function, number, string};
use super::{BOOL, Call, LIST, Made, STRING, wrong};
use proofmark_model::{Data, Known};
use std::net::{Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    function("cidrhost", &[string("prefix"), number("hostnum")], STRING, cidr_host),
    function("cidrnetmask", &[string("prefix")], STRING, cidr_netmask),
    function("cidrsubnet", &[string("prefix"), number("newbits"), number("netnum")], STRING, cidr_subnet),
    function("cidrsubnets", &[string("prefix")], LIST, cidr_subnets).and_many(number("newbits")),
    function(
        "cidrcontains",
        &[string("containing_prefix"), string("contained_ip_or_prefix")],
        BOOL,
        cidr_contains,
    ),
];

/// The most bits by which `cidrsubnets` extends a prefix, as in Terraform.
const MAX_NEW_BITS: i64 = 32;

/// A network: the address as a number, its bits (32 or 128), and the length of its prefix.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    bits: u32,
    prefix: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no network such as `10.0.0.0/8`");
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let (address, bits) = parse_address(address).ok_or_else(wrong)?;
        let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 =
            prefix.parse().ok().filter(|prefix| is_number && *prefix <= bits).ok_or_else(wrong)?;
        Ok(Self { address, bits, prefix }.masked())
    }

    fn masked(mut self) -> Self {
        let host = self.bits - self.prefix;
        self.address = if host >= 128 { 0 } else { self.address >> host << host };
        self
    }

    fn address_text(self, address: u128) -> String {
        if self.bits == 32 {
            Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX)).to_string()
        } else {
            Ipv6Addr::from(address).to_string()
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address_text(self.address), self.prefix)
    }

    /// The same address with a prefix that is longer by `new_bits`.
    fn extended(self, new_bits: i64) -> Result<Self, String> {
        let added = u32::try_from(new_bits).map_err(|_| "`newbits` must not be negative")?;
        let prefix = self.prefix.saturating_add(added);
        if prefix > self.bits {
            return Err(format!("the prefix would have {prefix} bits, and the address has {}", self.bits));
        }
        Ok(Self { prefix, ..self })
    }

    /// How many addresses it has; `None` for all of IPv6.
    fn size(self) -> Option<u128> {
        1_u128.checked_shl(self.bits - self.prefix)
    }

    /// The last of its addresses.
    fn last(self) -> u128 {
        match self.size() {
            Some(size) => self.address | (size - 1),
            None => u128::MAX,
        }
    }
}

/// An address and its bits. Zeros before a number of an IPv4 address mean nothing, as in Terraform.
fn parse_address(text: &str) -> Option<(u128, u32)> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|address| (u128::from(address), 128));
    }
    let mut address = 0_u128;
    let mut count = 0;
    for part in text.split('.') {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        address = address << 8 | u128::from(part.parse::<u8>().ok().filter(|_| is_number)?);
        count += 1;
    }
    (count == 4).then_some((address, 32))
}

fn cidr_host(call: &Call<'_>) -> Made {
    let network = Network::parse(&call.text(0)?)?;
    let number = call.integer(1)?;
    let distance = u128::from(number.unsigned_abs());
    let found = if number < 0 {
        (distance - 1 <= network.last() - network.address).then(|| network.last() - (distance - 1))
    } else {
        (distance <= network.last() - network.address).then(|| network.address + distance)
    };
    match found {
        Some(address) => call.string(network.address_text(address)),
        None => wrong(format!("the network has no host {number}")),
    }
}

fn cidr_netmask(call: &Call<'_>) -> Made {
    let network = Network::parse(&call.text(0)?)?;
    if network.bits != 32 {
        return wrong("only IPv4 networks have a netmask");
    }
    let all = u128::from(u32::MAX);
    call.string(network.address_text(all << (32 - network.prefix) & all))
}

fn cidr_subnet(call: &Call<'_>) -> Made {
    let network = Network::parse(&call.text(0)?)?;
    let extended = network.extended(call.integer(1)?)?;
    if matches!(call.argument(2)?.data, Data::Float(number) if number.abs() >= 9.0e18) {
        let known = Known { shape: STRING, is_set: true, ..Known::default() };
        return call.because("the number of the network is beyond 64 bits", known);
    }
    let number = u128::try_from(call.integer(2)?).map_err(|_| "`netnum` must not be negative")?;
    let added = extended.prefix - network.prefix;
    if number.checked_shr(added).unwrap_or(0) != 0 {
        return wrong(format!("{added} new bits cannot hold the number {number}"));
    }
    let offset = number.checked_shl(extended.bits - extended.prefix).unwrap_or(0);
    call.string(Network { address: network.address | offset, ..extended }.text())
}

fn cidr_subnets(call: &Call<'_>) -> Made {
    let network = Network::parse(&call.text(0)?)?;
    let mut next = Some(network.address);
    let mut made = Vec::new();
    for index in 1..call.arguments.len() {
        let new_bits = call.integer(index)?;
        if !(1..=MAX_NEW_BITS).contains(&new_bits) {
            return wrong(format!("`newbits` must be between 1 and {MAX_NEW_BITS}, and one is {new_bits}"));
        }
        let sized = network.extended(new_bits)?;
        let placed =
            next.and_then(|next| first_at_or_after(next, sized)).filter(|at| at.last() <= network.last());
        let Some(placed) = placed else {
            return wrong(format!("no room is left in the network for one with {} bits", sized.prefix));
        };
        made.push(placed.text());
        next = placed.last().checked_add(1);
    }
    call.strings(made)
}

/// The first network of that size that begins at `address` or behind it: each begins at a multiple of its size.
fn first_at_or_after(address: u128, sized: Network) -> Option<Network> {
    let aligned = Network { address, ..sized }.masked();
    if aligned.address >= address {
        return Some(aligned);
    }
    aligned.address.checked_add(sized.size()?).map(|address| Network { address, ..sized })
}

fn cidr_contains(call: &Call<'_>) -> Made {
    let outer = Network::parse(&call.text(0)?)?;
    let text = call.text(1)?;
    let inner = if text.contains('/') {
        Network::parse(&text)?
    } else {
        let (address, bits) = parse_address(&text).ok_or_else(|| format!("`{text}` is no address"))?;
        Network { address, bits, prefix: bits }
    };
    if inner.bits != outer.bits {
        return wrong("one is an IPv4 address and the other an IPv6 address");
    }
    let is_inside = inner.prefix >= outer.prefix
        && Network { prefix: outer.prefix, ..inner }.masked().address == outer.address;
    call.bool(is_inside)
}
