//! What a plain scalar would mean to go-yaml, and which style a text therefore gets.

use proofmark_syntax::{NodeData, YamlDialect};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// The style that go-yaml's encoder asks for and its emitter allows.
pub(super) fn style(text: &str, is_key: bool) -> Style {
    let allowed = Allowed::of(text);
    let wanted = match () {
        () if text.contains('\n') => Style::Literal,
        () if is_plain_text(text) => Style::Plain,
        () => Style::Double,
    };
    let wanted = match wanted {
        Style::Literal if !allowed.block || is_key => Style::Double,
        Style::Plain if !allowed.plain || (text.is_empty() && is_key) => Style::Single,
        other => other,
    };
    if wanted == Style::Single && !allowed.single { Style::Double } else { wanted }
}

/// Whether the text, written plainly, reads back as text.
fn is_plain_text(text: &str) -> bool {
    matches!(YamlDialect::Kubernetes.resolve(text), NodeData::String(_))
        && !is_timestamp(text)
        && !is_base_60(text)
}

/// go-yaml's `parseTimestamp`: dates and times are no plain texts.
fn is_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let number = |text: &str, longest: usize| {
        (1..=longest).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
    };
    let in_range = |text: &str, end: u32| text.parse::<u32>().is_ok_and(|value| (1..=end).contains(&value));
    let [_, month, day] = parts.as_slice() else { return false };
    let is_date = number(month, 2) && number(day, 2) && in_range(month, 12) && in_range(day, 31);
    match time {
        None => is_date,
        Some(time) => is_date && is_time(time),
    }
}

/// `15:04:05`, with a fraction and a zone.
fn is_time(time: &str) -> bool {
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(end).unwrap_or((time, ""));
    let (clock, fraction) = clock.trim_end().split_once('.').unwrap_or((clock.trim_end(), "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let is_clock = parts.len() == 3
        && parts
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit()));
    let is_zone = zone.is_empty()
        || zone == "Z"
        || zone.get(1..).is_some_and(|zone| {
            zone.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && !zone.is_empty()
        });
    is_clock && is_zone && fraction.bytes().all(|digit| digit.is_ascii_digit())
}

/// go-yaml's `isBase60Float`: `1:30` would be a number to older readers.
fn is_base_60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (body, fraction) = match body.split_once('.') {
        Some((body, fraction)) => (body, fraction),
        None => (body, ""),
    };
    let mut parts = body.split(':');
    let first = parts.next().unwrap_or("");
    let is_number = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let mut count = 0;
    let are_sixtieths = parts.all(|part| {
        count += 1;
        match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [first, second] => (b'0'..=b'5').contains(first) && second.is_ascii_digit(),
            _ => false,
        }
    });
    is_number(first)
        && are_sixtieths
        && count > 0
        && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// Which styles can carry a text (libyaml, `yaml_emitter_analyze_scalar`).
struct Allowed {
    plain: bool,
    single: bool,
    block: bool,
}

impl Allowed {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { plain: true, single: true, block: false };
        }
        let mut seen =
            Seen { indicators: text.starts_with("---") || text.starts_with("..."), ..Seen::default() };
        let mut before = '\n';
        let mut rest = text.chars().peekable();
        let mut is_first = true;
        while let Some(character) = rest.next() {
            let next = rest.peek().copied();
            seen.look(character, (before, next), is_first);
            before = character;
            is_first = false;
        }
        let starts = text.starts_with(' ') || text.starts_with(is_break);
        let ends = text.ends_with(' ') || text.ends_with(is_break);
        let special = seen.special || seen.space_break;
        Self {
            plain: !(starts || ends || seen.break_space || special || seen.breaks || seen.indicators),
            single: !(seen.break_space || special),
            block: !(text.ends_with(' ') || special),
        }
    }
}

/// What stands in a text.
#[derive(Default)]
struct Seen {
    /// Characters that mean something in a block.
    indicators: bool,
    /// Characters that need an escape.
    special: bool,
    breaks: bool,
    space_break: bool,
    break_space: bool,
}

impl Seen {
    fn look(&mut self, character: char, around: (char, Option<char>), is_first: bool) {
        let (before, next) = around;
        let is_blank_next = next.is_none_or(|next| matches!(next, ' ' | '\t') || is_break(next));
        self.indicators |= match character {
            '#' if is_first => true,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                is_first
            }
            '?' | '-' => is_first && is_blank_next,
            ':' => is_blank_next,
            '#' => matches!(before, ' ' | '\t') || is_break(before),
            _ => false,
        };
        self.special |= !is_printable(character);
        if is_break(character) {
            self.breaks = true;
            self.space_break |= before == ' ' && !is_first;
        } else if character == ' ' {
            self.break_space |= is_break(before) && !is_first;
        }
    }
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml prints as it is: nothing beyond the basic plane.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}
