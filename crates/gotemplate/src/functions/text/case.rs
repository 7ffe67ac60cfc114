//! Upper and lower case, as Go's `strings`, goutils and xstrings see words.

/// One character for one, as in Go: `ß` has no upper case there.
pub(super) fn upper(text: &str) -> String {
    text.chars().map(raised).collect()
}

/// The same downwards.
pub(super) fn lower(text: &str) -> String {
    text.chars().map(lowered).collect()
}

fn raised(character: char) -> char {
    let mut upper = character.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(character)
}

fn lowered(character: char) -> char {
    let mut lower = character.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(character)
}

/// `strings.Title`: every word's first letter.
pub(super) fn title(text: &str) -> String {
    let mut previous = ' ';
    let mut title = String::with_capacity(text.len());
    for character in text.chars() {
        title.push(if separates(previous) { raised(character) } else { character });
        previous = character;
    }
    title
}

/// `strings.isSeparator`.
fn separates(character: char) -> bool {
    match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '_' => false,
        _ if character.is_ascii() => true,
        _ => !character.is_alphanumeric() && character.is_whitespace(),
    }
}

/// goutils, `Uncapitalize`: the first letter behind each space.
pub(super) fn untitle(text: &str) -> String {
    let mut was_space = true;
    let mut changed = String::with_capacity(text.len());
    for character in text.chars() {
        changed.push(if was_space { lowered(character) } else { character });
        was_space = character.is_whitespace();
    }
    changed
}

/// goutils, `SwapCase`.
pub(super) fn swap(text: &str) -> String {
    let swapped =
        |character: char| if character.is_uppercase() { lowered(character) } else { raised(character) };
    text.chars().map(swapped).collect()
}

/// What a stretch of a name is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// `HTTP`, or `Http`.
    Upper,
    Lower,
    Number,
    /// Space, `_` and `-`.
    Connector,
    Punctuation,
    Other,
}

fn kind(character: char) -> Word {
    match character {
        '_' | '-' => Word::Connector,
        _ if character.is_whitespace() => Word::Connector,
        _ if character.is_ascii_punctuation() => Word::Punctuation,
        _ if character.is_uppercase() => Word::Upper,
        // Scripts without case are no alphabet to xstrings.
        _ if character.is_alphabetic() && character < '\u{3400}' => Word::Lower,
        _ if character.is_numeric() => Word::Number,
        _ => Word::Other,
    }
}

/// The stretches of a name: `HTTPServer2` is `HTTP`, `Server` and `2`.
fn words(text: &str) -> Vec<(Word, String)> {
    let characters: Vec<char> = text.chars().collect();
    let mut words: Vec<(Word, String)> = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        let own = kind(*first);
        let rest = characters.get(at..).unwrap_or(&[]);
        let run = rest.iter().take_while(|next| kind(**next) == own).count();
        let is_lower = |index: usize| rest.get(index).is_some_and(|next| kind(*next) == Word::Lower);
        let length = match own {
            // The last upper-case letter begins the word whose lower-case letters follow.
            Word::Upper if is_lower(run) && run > 1 => run - 1,
            Word::Upper => run + rest.iter().skip(run).take_while(|next| kind(**next) == Word::Lower).count(),
            _ => run,
        };
        words.push((own, rest.iter().take(length).collect()));
        at += length.max(1);
    }
    words
}

/// xstrings, `ToSnakeCase` and `ToKebabCase`: `HTTPServer` → `http_server`, `Bld4Floor` → `bld4_floor`, `HTTP2xx` →
/// `http_2xx`.
pub(super) fn separated(text: &str, connector: char) -> String {
    let words = words(text);
    let kind_at = |index: usize| words.get(index).map(|(word, _)| *word);
    let mut joined = String::with_capacity(text.len() + 8);
    // Inside digits and the lower-case letters behind them, nothing is separated.
    let mut is_code = false;
    for (index, (word, part)) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(kind_at);
        let touches = matches!(before, None | Some(Word::Connector | Word::Punctuation))
            || matches!(word, Word::Connector | Word::Punctuation);
        let continues = is_code && matches!(word, Word::Lower | Word::Number);
        let joins = *word == Word::Number && kind_at(index + 1) != Some(Word::Lower);
        if !(touches || continues || joins) {
            joined.push(connector);
        }
        is_code = continues || (*word == Word::Number && (!joins || touches));
        if *word == Word::Connector {
            joined.extend(part.chars().map(|_| connector));
        } else {
            joined.push_str(&part.to_lowercase());
        }
    }
    joined
}

/// xstrings, `ToPascalCase`: `some_words here` → `SomeWordsHere`, `HTTP_server` → `HttpServer`. One connector between words
/// goes; all others stay.
pub(super) fn camel(text: &str) -> String {
    let is_connector = |character: char| kind(character) == Word::Connector;
    let body = text.trim_start_matches(is_connector);
    let mut joined = text.get(..text.len() - body.len()).unwrap_or("").to_owned();
    let mut waiting = String::new();
    let mut starts_word = true;
    // Upper-case letters right behind an upper-case first letter are lowered.
    let mut is_loud = false;
    for character in body.chars() {
        if is_connector(character) {
            waiting.push(character);
            starts_word = true;
            continue;
        }
        let mut between = waiting.chars();
        between.next_back();
        joined.extend(between);
        waiting.clear();
        is_loud = character.is_uppercase() && (starts_word || is_loud);
        joined.push(match (starts_word, is_loud) {
            (true, _) => raised(character),
            (false, true) => lowered(character),
            (false, false) => character,
        });
        starts_word = false;
    }
    joined + &waiting
}
