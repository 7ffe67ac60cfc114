//! Go's `path` and `net/url`.

use super::builtin::escape_query;
use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::value::{Dict, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;

use Parameter::{Dict as Map, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("base", &[Str], |call| Ok(base(call.text(0)).into())),
    Function::new("osBase", &[Str], |call| Ok(base(call.text(0)).into())),
    Function::new("dir", &[Str], |call| Ok(folder(call.text(0)).into())),
    Function::new("osDir", &[Str], |call| Ok(folder(call.text(0)).into())),
    Function::new("clean", &[Str], |call| Ok(clean(call.text(0)).into())),
    Function::new("osClean", &[Str], |call| Ok(clean(call.text(0)).into())),
    Function::new("ext", &[Str], |call| Ok(extension(call.text(0)).into())),
    Function::new("osExt", &[Str], |call| Ok(extension(call.text(0)).into())),
    Function::new("isAbs", &[Str], |call| Ok(call.text(0).starts_with('/').into())),
    Function::new("osIsAbs", &[Str], |call| Ok(call.text(0).starts_with('/').into())),
    Function::new("urlParse", &[Str], parse_url),
    Function::new("urlJoin", &[Map], join_url),
];

fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".",
        (_, "") => "/",
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

fn folder(path: &str) -> String {
    clean(path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or(""))
}

/// `path.Clean`: the shortest path that means the same.
fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_absolute => {}
            _ => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').and_then(|dot| name.get(dot..)).unwrap_or("")
}

/// A URL in the parts that `net/url` sees.
fn parse_url(call: &Call<'_>) -> Outcome<Value> {
    let text = call.text(0);
    if text.chars().any(|character| character.is_control()) {
        return fail(format!(
            "unable to parse url: parse {}: net/url: invalid control character in URL",
            crate::unicode::quote(text)
        ));
    }
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (scheme, rest) = scheme_of(rest);
    let (opaque, authority, path) = match rest.strip_prefix("//") {
        Some(behind) => {
            let end = behind.find('/').unwrap_or(behind.len());
            let (authority, path) = behind.split_at_checked(end).unwrap_or((behind, ""));
            ("", authority, path)
        }
        None if !scheme.is_empty() && !rest.starts_with('/') => (rest, "", ""),
        None => ("", "", rest),
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let parts = [
        ("scheme", scheme.to_ascii_lowercase()),
        ("host", host.to_owned()),
        ("hostname", host_name(host).to_owned()),
        ("path", decoded(path)),
        ("query", query.to_owned()),
        ("opaque", opaque.to_owned()),
        ("fragment", decoded(fragment)),
        ("userinfo", user.to_owned()),
    ];
    let entries = parts.into_iter().map(|(name, part)| (SmolStr::new_static(name), Value::from(part)));
    Ok(Value::dict(entries.collect()))
}

fn scheme_of(text: &str) -> (&str, &str) {
    match text.split_once(':') {
        Some((scheme, rest))
            if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|next| next.is_ascii_alphanumeric() || matches!(next, '+' | '-' | '.')) =>
        {
            (scheme, rest)
        }
        _ => ("", text),
    }
}

/// The host without its port.
fn host_name(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(inner);
    }
    host.rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()))
        .map_or(host, |parts| parts.0)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or(&[]);
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The reverse of `urlParse`.
fn join_url(call: &Call<'_>) -> Outcome<Value> {
    let parts = call.argument(0).as_dict().cloned().unwrap_or_else(|| Dict::new(BTreeMap::new()));
    let part = |name: &str| -> Outcome<String> {
        match parts.get(name) {
            None => Ok(String::new()),
            Some(value) => match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => fail(format!(
                    "unable to parse {name} key, must be of type string, but {} found",
                    value.kind_name()
                )),
            },
        }
    };
    let mut url = String::new();
    let (scheme, opaque, user, host) = (part("scheme")?, part("opaque")?, part("userinfo")?, part("host")?);
    if !scheme.is_empty() {
        url.push_str(&scheme);
        url.push(':');
    }
    if opaque.is_empty() {
        let path = part("path")?;
        if !host.is_empty() || !user.is_empty() {
            url.push_str("//");
            if !user.is_empty() {
                url.push_str(&user);
                url.push('@');
            }
            url.push_str(&host);
            if !path.is_empty() && !path.starts_with('/') {
                url.push('/');
            }
        }
        url.push_str(&escape_query(&path).replace("%2F", "/").replace('+', "%20").replace("%3A", ":"));
    } else {
        url.push_str(&opaque);
    }
    for (mark, name) in [('?', "query"), ('#', "fragment")] {
        let text = part(name)?;
        if !text.is_empty() {
            url.push(mark);
            url.push_str(&text);
        }
    }
    Ok(url.into())
}
