//! Functions over IP networks.

use super::{BOOL, Call, Function, LIST, MANY, STRING, function};
use proofmark_model::{Data, Value};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    function("cidrhost", (2, 2), STRING, cidr_host),
    function("cidrnetmask", (1, 1), STRING, cidr_netmask),
    function("cidrsubnet", (3, 3), STRING, cidr_subnet),
    function("cidrsubnets", (1, MANY), LIST, cidr_subnets),
    function("cidrcontains", (2, 2), BOOL, cidr_contains),
];

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
        let prefix: u32 = prefix.parse().ok().filter(|prefix| *prefix <= bits).ok_or_else(wrong)?;
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

    /// The network with that number among those whose prefix is longer by `new_bits`.
    fn subnet(self, new_bits: i64, number: u128) -> Result<Self, String> {
        let added = u32::try_from(new_bits).map_err(|_| "the number of new bits must not be negative")?;
        let prefix = self.prefix.saturating_add(added);
        if prefix > self.bits {
            return Err(format!("the prefix would have {prefix} bits, and the address has {}", self.bits));
        }
        if added < 128 && number >> added != 0 {
            return Err(format!("{added} new bits cannot hold the number {number}"));
        }
        let shift = self.bits - prefix;
        let offset = number.checked_shl(shift).unwrap_or(0);
        Ok(Self { address: self.address | offset, bits: self.bits, prefix })
    }
}

fn parse_address(text: &str) -> Option<(u128, u32)> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some((u128::from(u32::from(address)), 32)),
        IpAddr::V6(address) => Some((u128::from(address), 128)),
    }
}

fn cidr_host(call: &Call<'_>) -> Result<Value, String> {
    let network = Network::parse(&call.text(0)?)?;
    let number = call.integer(1)?;
    let host_bits = network.bits - network.prefix;
    let size = 1_u128.checked_shl(host_bits).unwrap_or(0);
    let offset = if number < 0 {
        size.wrapping_sub(u128::from(number.unsigned_abs()))
    } else {
        u128::from(number.unsigned_abs())
    };
    if size != 0 && offset >= size {
        return Err(format!("the network has no host {number}"));
    }
    call.string(network.address_text(network.address | offset))
}

fn cidr_netmask(call: &Call<'_>) -> Result<Value, String> {
    let network = Network::parse(&call.text(0)?)?;
    if network.bits != 32 {
        return Err(String::from("only IPv4 networks have a netmask"));
    }
    let all = u128::from(u32::MAX);
    call.string(network.address_text(all << (32 - network.prefix) & all))
}

fn cidr_subnet(call: &Call<'_>) -> Result<Value, String> {
    let number =
        u128::try_from(call.integer(2)?).map_err(|_| "the number of the network must not be negative")?;
    call.string(Network::parse(&call.text(0)?)?.subnet(call.integer(1)?, number)?.text())
}

fn cidr_subnets(call: &Call<'_>) -> Result<Value, String> {
    let network = Network::parse(&call.text(0)?)?;
    let end = network.address.checked_add(1_u128.checked_shl(network.bits - network.prefix).unwrap_or(0));
    let mut next = network.address;
    let mut made = Vec::new();
    for index in 1..call.arguments.len() {
        let sized = network.subnet(call.integer(index)?, 0)?;
        let size = 1_u128.checked_shl(sized.bits - sized.prefix).unwrap_or(0);
        // Each network begins at a multiple of its size.
        let aligned = Network { address: next, ..sized }.masked().address;
        let start = if aligned < next { aligned.saturating_add(size) } else { aligned };
        let after = start.saturating_add(size);
        if end.is_some_and(|end| after > end && size != 0) {
            return Err(String::from("the networks do not fit"));
        }
        made.push(Network { address: start, ..sized }.text());
        next = after;
    }
    call.strings(made)
}

fn cidr_contains(call: &Call<'_>) -> Result<Value, String> {
    let outer = Network::parse(&call.text(0)?)?;
    let text = call.text(1)?;
    let inner = if text.contains('/') {
        Network::parse(&text)?
    } else {
        let (address, bits) = parse_address(&text).ok_or_else(|| format!("`{text}` is no address"))?;
        Network { address, bits, prefix: bits }
    };
    let is_inside = inner.bits == outer.bits
        && inner.prefix >= outer.prefix
        && Network { prefix: outer.prefix, ..inner }.masked().address == outer.address;
    call.data(Data::Bool(is_inside))
}
