//! How plain scalars resolve, by dialect.

mod timestamp;

use crate::NodeData;
use smol_str::SmolStr;

/// Whose rules decide what a plain YAML scalar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YamlDialect {
    /// YAML 1.2 core schema: GitHub Actions, most tools' settings.
    Core,
    /// go-yaml v2 through JSON: Helm, kubectl, every Kubernetes manifest (`yes` is true, `0644` is 420).
    Kubernetes,
    /// go-yaml v3: kustomize, GitLab's and Prometheus' files (booleans stay `true`/`false`).
    Go,
    /// PyYAML's YAML 1.1: Ansible, many Python tools, pre-commit.
    Python,
    /// Terraform's `yamldecode`: the core schema with `yes`, `on` and `y`, and dates as moments.
    Terraform,
}

/// The magnitude from which a whole float no longer fits an `i64`: 2^63.
const INTEGER_BOUND: f64 = 9_223_372_036_854_775_808.0;

impl YamlDialect {
    /// What the plain scalar `text` means. Dates stay texts, in [`YamlDialect::Go`] as its tools write them back.
    #[must_use]
    pub fn resolve(self, text: &str) -> NodeData {
        // Most scalars are words that no dialect knows: their first byte tells.
        let data = match text.as_bytes().first() {
            None => Some(NodeData::Null),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number(text),
            Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O') => {
                self.word(text)
            }
            Some(_) => None,
        };
        data.unwrap_or_else(|| NodeData::String(SmolStr::new(text)))
    }

    /// What a scalar with the standard tag of that name (`int`, `bool`, …) means; a text where the tag does not fit.
    pub(crate) fn resolve_tagged(self, name: &str, text: &str) -> NodeData {
        let data = match (name, self.resolve(text)) {
            ("null", NodeData::Null) => Some(NodeData::Null),
            ("int", data @ NodeData::Integer(_)) | ("bool", data @ NodeData::Bool(_)) => Some(data),
            ("float", data @ NodeData::Float(_)) => Some(data),
            ("float", NodeData::Integer(value)) => Some(self.float(value as f64)),
            _ => None,
        };
        data.unwrap_or_else(|| NodeData::String(SmolStr::new(text)))
    }

    fn word(self, text: &str) -> Option<NodeData> {
        match text {
            "~" | "null" | "Null" | "NULL" => return Some(NodeData::Null),
            "true" | "True" | "TRUE" => return Some(NodeData::Bool(true)),
            "false" | "False" | "FALSE" => return Some(NodeData::Bool(false)),
            _ => {}
        }
        if matches!(self, Self::Core | Self::Go) {
            return None;
        }
        match text {
            "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(NodeData::Bool(true)),
            "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(NodeData::Bool(false)),
            "y" | "Y" if matches!(self, Self::Kubernetes | Self::Terraform) => Some(NodeData::Bool(true)),
            "n" | "N" if matches!(self, Self::Kubernetes | Self::Terraform) => Some(NodeData::Bool(false)),
            _ => None,
        }
    }

    fn number(self, text: &str) -> Option<NodeData> {
        if let Some(value) = infinite(text) {
            return Some(NodeData::Float(value));
        }
        if matches!(self, Self::Go | Self::Terraform)
            && let Some(written) = timestamp::rewrite(text)
        {
            return Some(NodeData::String(written.into()));
        }
        match self {
            Self::Core | Self::Terraform => core_number(text),
            Self::Python => python_number(text),
            Self::Kubernetes | Self::Go => go_number(text).map(|number| match number {
                NodeData::Float(value) => self.float(value),
                whole => whole,
            }),
        }
    }

    /// A float as the dialect keeps it: on the way through JSON, the Go tools lose the difference between `1.0` and `1`.
    fn float(self, value: f64) -> NodeData {
        let through_json = matches!(self, Self::Kubernetes | Self::Go);
        if through_json && value.fract() == 0.0 && value.abs() < INTEGER_BOUND {
            return NodeData::Integer(value as i64);
        }
        NodeData::Float(value)
    }
}

/// `.inf` and `.nan` in the three spellings that every dialect shares.
fn infinite(text: &str) -> Option<f64> {
    let (sign, rest) = split_sign(text);
    match rest {
        ".inf" | ".Inf" | ".INF" if sign == "-" => Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if sign.is_empty() => Some(f64::NAN),
        _ => None,
    }
}

/// YAML 1.2.2, section 10.3.2.
fn core_number(text: &str) -> Option<NodeData> {
    if let Some(digits) = text.strip_prefix("0o") {
        return whole(false, digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return whole(false, digits, 16);
    }
    let (sign, rest) = split_sign(text);
    if is_digits(rest, 10) {
        return whole(sign == "-", rest, 10);
    }
    decimal_float(text)
}

/// go-yaml's `resolve`: underscores are dropped, then Go's `strconv.ParseInt` with base 0, then a decimal float.
fn go_number(text: &str) -> Option<NodeData> {
    if text.starts_with('.') {
        return decimal_float(text);
    }
    let cleaned: String = text.chars().filter(|&c| c != '_').collect();
    let (sign, rest) = split_sign(&cleaned);
    let is_negative = sign == "-";
    let prefixed = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    for (prefix, radix) in prefixed {
        if let Some(digits) = rest.strip_prefix(prefix) {
            return whole(is_negative, digits, radix);
        }
    }
    let octal = rest.strip_prefix('0').filter(|digits| is_digits(digits, 8));
    if let Some(digits) = octal {
        return whole(is_negative, digits, 8);
    }
    let has_leading_zero = rest.len() > 1 && rest.starts_with('0');
    if is_digits(rest, 10) && !has_leading_zero {
        return whole(is_negative, rest, 10);
    }
    decimal_float(&cleaned)
}

/// PyYAML's resolver: YAML 1.1 with a dot demanded in floats and a sign in exponents.
fn python_number(text: &str) -> Option<NodeData> {
    let (sign, rest) = split_sign(text);
    let is_negative = sign == "-";
    let cleaned: String = rest.chars().filter(|&c| c != '_').collect();
    if let Some(digits) = cleaned.strip_prefix("0b") {
        return whole(is_negative, digits, 2);
    }
    if let Some(digits) = cleaned.strip_prefix("0x") {
        return whole(is_negative, digits, 16);
    }
    if rest.contains(':') {
        return sexagesimal(is_negative, &cleaned);
    }
    if let Some(digits) = cleaned.strip_prefix('0').filter(|digits| !digits.is_empty()) {
        if is_digits(digits, 8) {
            return whole(is_negative, digits, 8);
        }
    } else if is_digits(&cleaned, 10) {
        return whole(is_negative, &cleaned, 10);
    }
    let (mantissa, exponent) = match cleaned.find(['e', 'E']) {
        Some(at) => cleaned.split_at_checked(at)?,
        None => (cleaned.as_str(), ""),
    };
    let signed_exponent = exponent.get(1..2).is_none_or(|first| first == "+" || first == "-");
    let bare_dot =
        rest.starts_with('.') && (!sign.is_empty() || !rest.get(1..2).is_some_and(|c| is_digits(c, 10)));
    if !mantissa.contains('.') || !signed_exponent || bare_dot {
        return None;
    }
    let value = decimal_float(&cleaned)?;
    match value {
        NodeData::Float(value) if is_negative => Some(NodeData::Float(-value)),
        value => Some(value),
    }
}

/// `190:20:30`: digits in base 60, the first without bound, as YAML 1.1 has it.
fn sexagesimal(is_negative: bool, text: &str) -> Option<NodeData> {
    let (integers, fraction) = match text.split_once('.') {
        Some((integers, fraction)) => (integers, Some(fraction)),
        None => (text, None),
    };
    let mut total: i64 = 0;
    for (index, part) in integers.split(':').enumerate() {
        if !is_digits(part, 10) || (index > 0 && part.len() > 2) || (index == 0 && part.starts_with('0')) {
            return None;
        }
        let value: i64 = part.parse().ok()?;
        if index > 0 && value > 59 {
            return None;
        }
        total = total.checked_mul(60)?.checked_add(value)?;
    }
    let sign = if is_negative { -1 } else { 1 };
    match fraction {
        None => Some(NodeData::Integer(sign * total)),
        Some("") => Some(NodeData::Float((sign * total) as f64)),
        Some(digits) if is_digits(digits, 10) => {
            let part: f64 = format!("0.{digits}").parse().ok()?;
            Some(NodeData::Float(sign as f64 * (total as f64 + part)))
        }
        Some(_) => None,
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn decimal_float(text: &str) -> Option<NodeData> {
    let (_, rest) = split_sign(text);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    if exponent.is_some_and(|exponent| !is_digits(split_sign(exponent).1, 10)) {
        return None;
    }
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction, 10),
        Some((integer, fraction)) => {
            is_digits(integer, 10) && (fraction.is_empty() || is_digits(fraction, 10))
        }
        None => is_digits(mantissa, 10),
    };
    if !is_mantissa {
        return None;
    }
    text.parse().ok().map(NodeData::Float)
}

/// A whole number, or the nearest float where it does not fit.
fn whole(is_negative: bool, digits: &str, radix: u32) -> Option<NodeData> {
    if !is_digits(digits, radix) {
        return None;
    }
    let sign = if is_negative { "-" } else { "" };
    if let Ok(value) = i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        return Some(NodeData::Integer(value));
    }
    let value = digits
        .chars()
        .filter_map(|digit| digit.to_digit(radix))
        .fold(0.0, |total: f64, digit| total * f64::from(radix) + f64::from(digit));
    let value = if radix == 10 { digits.parse().unwrap_or(value) } else { value };
    Some(NodeData::Float(if is_negative { -value } else { value }))
}

fn split_sign(text: &str) -> (&str, &str) {
    match text.as_bytes().first() {
        Some(b'+' | b'-') => text.split_at(1),
        _ => ("", text),
    }
}

fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}
