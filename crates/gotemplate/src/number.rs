//! Number literals as text/template and Go's `strconv` read them.

use smol_str::SmolStr;

/// A number literal: it may be whole, and it is a float in any case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    pub written: SmolStr,
    pub whole: Option<i64>,
    pub float: f64,
}

impl Number {
    /// Reads a literal.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        let whole = parse_int(written, 0);
        let float = whole.map_or_else(|| parse_float(written), |whole| Some(whole as f64));
        let Some(float) = float else { return Err("illegal number syntax") };
        if whole.is_none() && !written.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err("integer overflow");
        }
        // `1e3` and `2.0` are whole numbers too.
        let is_whole = float.fract() == 0.0 && float.abs() < 9.0e18;
        let whole = whole.or_else(|| is_whole.then_some(float as i64));
        Ok(Self { written: SmolStr::new(written), whole, float })
    }

    /// A character literal, which is its code.
    pub fn character(written: &str, character: char) -> Self {
        let code = u32::from(character);
        Self { written: SmolStr::new(written), whole: Some(i64::from(code)), float: f64::from(code) }
    }

    /// Whether it looks like a float, and hence is one where nothing asks for a whole number.
    pub fn is_float(&self) -> bool {
        let is_hexadecimal =
            self.written.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
        self.whole.is_none()
            || (!is_hexadecimal
                && !self.written.starts_with('\'')
                && self.written.contains(['.', 'e', 'E', 'p', 'P']))
    }
}

/// `strconv.ParseInt`: base 0 reads prefixes and underscores.
pub(crate) fn parse_int(text: &str, base: u32) -> Option<i64> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let prefixed = |prefix: &str, radix: u32| lower.strip_prefix(prefix).map(|rest| (radix, rest.to_owned()));
    let (radix, rest) = match base {
        0 => prefixed("0x", 16)
            .or_else(|| prefixed("0o", 8))
            .or_else(|| prefixed("0b", 2))
            .or_else(|| {
                lower.strip_prefix('0').filter(|rest| !rest.is_empty()).map(|rest| (8, rest.to_owned()))
            })
            .unwrap_or_else(|| (10, lower.clone())),
        base => (base, lower.clone()),
    };
    let is_grouped = base == 0 && rest.contains('_');
    if is_grouped && (rest.contains("__") || rest.ends_with('_') || (radix == 10 && rest.starts_with('_'))) {
        return None;
    }
    let rest = if is_grouped { rest.replace('_', "") } else { rest };
    if rest.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(&rest, radix).ok()?);
    i64::try_from(if is_negative { -value } else { value }).ok()
}

/// `strconv.ParseFloat`, without hexadecimal fractions.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let lower = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let is_word = matches!(lower.as_str(), "inf" | "infinity" | "nan");
    let is_number = lower.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if !(is_word || is_number) || text.len() - lower.len() > 1 {
        return None;
    }
    text.replace('_', "").parse().ok()
}
