//! Semantic versions, as `Masterminds/semver` reads and compares them.

use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::value::{Data, IntType, Object, Value};
use std::cmp::Ordering;
use std::rc::Rc;

use Parameter::Text as Str;

pub(super) const TABLE: &[Function] = &[
    Function::new("semver", &[Str], |call| match Version::parse(call.text(0)) {
        Some(version) => Ok(Data::Object(Rc::new(version)).into()),
        None => fail("invalid semantic version"),
    }),
    Function::new("semverCompare", &[Str, Str], compare),
];

/// A version; missing parts are zero.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    prerelease: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Reads `v1.2.3-rc.1+build`; the `v`, the minor and the patch version may be missing.
    fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix('v').unwrap_or(text);
        let (body, metadata) = body.split_once('+').map_or((body, ""), |(body, metadata)| (body, metadata));
        let (numbers, prerelease) =
            body.split_once('-').map_or((body, ""), |(numbers, rest)| (numbers, rest));
        let mut parts = numbers.split('.');
        let mut next = || match parts.next() {
            Some(part) if !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()) => {
                part.parse().ok()
            }
            Some(_) => None,
            None => Some(0),
        };
        let (major, minor, patch) = (next()?, next()?, next()?);
        let has_words = |text: &str| text.is_empty() || text.split('.').all(is_identifier);
        let ends_oddly = body.ends_with('-') || text.ends_with('+');
        if parts.next().is_some() || !has_words(prerelease) || !has_words(metadata) || ends_oddly {
            return None;
        }
        Some(Self {
            major,
            minor,
            patch,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{}.{}.{}", self.major, self.minor, self.patch);
        for (mark, part) in [('-', &self.prerelease), ('+', &self.metadata)] {
            if !part.is_empty() {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }

    fn compare(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self)
            .cmp(&numbers(other))
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Semantic Versioning 2.0.0, section 11: no prerelease is the highest.
fn compare_prereleases(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let ordering = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => left.cmp(right),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

impl Object for Version {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let number = |number: u64| {
            Value::from(Data::Int(i64::try_from(number).unwrap_or(i64::MAX), IntType::Unsigned))
        };
        let other = || arguments.first().and_then(version_of).ok_or_else(|| "expected a version".to_owned());
        Some(Ok(match name {
            "Major" => number(self.major),
            "Minor" => number(self.minor),
            "Patch" => number(self.patch),
            "Prerelease" => Value::text(self.prerelease.as_str()),
            "Metadata" => Value::text(self.metadata.as_str()),
            "Original" => Value::text(self.original.as_str()),
            "String" => self.text().into(),
            "Compare" => return Some(other().map(|other| Value::int(self.compare(&other) as i64))),
            "Equal" => return Some(other().map(|other| self.compare(&other).is_eq().into())),
            "LessThan" => return Some(other().map(|other| self.compare(&other).is_lt().into())),
            "GreaterThan" => return Some(other().map(|other| self.compare(&other).is_gt().into())),
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        self.text()
    }

    fn to_plain(&self) -> Value {
        self.text().into()
    }
}

fn version_of(value: &Value) -> Option<Version> {
    match &value.data {
        Data::Object(object) => Version::parse(&object.print()),
        _ => None,
    }
}

fn compare(call: &Call<'_>) -> Outcome<Value> {
    let Some(constraints) = Constraint::parse_all(call.text(0)) else {
        return fail(format!("improper constraint: {}", call.text(0)));
    };
    let Some(version) = Version::parse(call.text(1)) else { return fail("invalid semantic version") };
    Ok(constraints.iter().any(|group| group.iter().all(|constraint| constraint.accepts(&version))).into())
}

/// Whether a version lies in a range such as `^1.2`; `None` where one of them cannot be read.
#[must_use]
pub fn version_fits(range: &str, version: &str) -> Option<bool> {
    let constraints = Constraint::parse_all(range)?;
    let version = Version::parse(version)?;
    Some(constraints.iter().any(|group| group.iter().all(|constraint| constraint.accepts(&version))))
}

/// One comparison, such as `>=1.2`.
struct Constraint {
    operator: Operator,
    version: Version,
    /// How many parts were given before a wildcard or the end.
    parts: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Tilde,
    Caret,
}

const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("=", Operator::Equal),
    ("", Operator::Equal),
];

impl Constraint {
    /// Reads alternatives (`||`) of comparisons that must all hold; `None` where they make no sense.
    fn parse_all(text: &str) -> Option<Vec<Vec<Self>>> {
        text.split("||").map(Self::parse_group).collect()
    }

    fn parse_group(text: &str) -> Option<Vec<Self>> {
        let words: Vec<&str> = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
        let mut group = Vec::new();
        let mut index = 0;
        while let Some(word) = words.get(index) {
            // `1.2 - 2.0` is a range, both ends included.
            if words.get(index + 1) == Some(&"-") {
                group.push(Self::parse(&format!(">={word}"))?);
                group.push(Self::parse(&format!("<={}", words.get(index + 2)?))?);
                index += 3;
                continue;
            }
            // An operator may stand apart from its version.
            let is_bare = OPERATORS.iter().any(|(mark, _)| !mark.is_empty() && mark == word);
            if is_bare {
                group.push(Self::parse(&format!("{word}{}", words.get(index + 1)?))?);
                index += 2;
            } else {
                group.push(Self::parse(word)?);
                index += 1;
            }
        }
        (!group.is_empty()).then_some(group)
    }

    fn parse(word: &str) -> Option<Self> {
        let (mark, operator) = OPERATORS.iter().find(|(mark, _)| word.starts_with(mark))?;
        let body = word.strip_prefix(mark)?.trim_start_matches('v');
        let numbers = body.split(['-', '+']).next().unwrap_or(body);
        let is_wildcard = |part: &&str| matches!(*part, "x" | "X" | "*");
        let given: Vec<&str> = numbers.split('.').take_while(|part| !is_wildcard(part)).collect();
        let has_wildcard = given.len() < numbers.split('.').count();
        let version = match (given.is_empty(), has_wildcard) {
            (true, _) => Version::parse("0.0.0")?,
            (false, true) => Version::parse(&given.join("."))?,
            (false, false) => Version::parse(body)?,
        };
        Some(Self { operator: *operator, version, parts: given.len() })
    }

    /// Whether a version fits. Prereleases fit only where the constraint names one.
    fn accepts(&self, version: &Version) -> bool {
        if !version.prerelease.is_empty() && self.version.prerelease.is_empty() {
            return false;
        }
        let ordering = version.compare(&self.version);
        match self.operator {
            Operator::Equal if self.parts < 3 => self.accepts_tilde(version),
            Operator::Equal => ordering.is_eq(),
            Operator::NotEqual if self.parts < 3 => !self.accepts_tilde(version),
            Operator::NotEqual => ordering.is_ne(),
            Operator::Greater => match self.parts {
                3 => ordering.is_gt(),
                2 => (version.major, version.minor) > (self.version.major, self.version.minor),
                _ => version.major > self.version.major,
            },
            Operator::GreaterOrEqual => ordering.is_ge(),
            Operator::Less => ordering.is_lt(),
            Operator::LessOrEqual => match self.parts {
                3 => ordering.is_le(),
                2 => (version.major, version.minor) <= (self.version.major, self.version.minor),
                _ => version.major <= self.version.major,
            },
            Operator::Tilde => self.accepts_tilde(version),
            Operator::Caret => self.accepts_caret(version),
        }
    }

    /// `~1.2`: the given parts stay, all behind the minor version may grow.
    fn accepts_tilde(&self, version: &Version) -> bool {
        match self.parts {
            0 => true,
            _ if version.compare(&self.version).is_lt() => false,
            1 => version.major == self.version.major,
            _ => (version.major, version.minor) == (self.version.major, self.version.minor),
        }
    }

    /// `^0.2.3`: the first part that is not zero stays.
    fn accepts_caret(&self, version: &Version) -> bool {
        if self.parts == 0 {
            return true;
        }
        if version.compare(&self.version).is_lt() || version.major != self.version.major {
            return false;
        }
        let own = &self.version;
        match () {
            () if own.major > 0 || self.parts == 1 => true,
            () if version.minor != own.minor => false,
            () if own.minor > 0 || self.parts == 2 => true,
            () => version.patch == own.patch,
        }
    }
}
