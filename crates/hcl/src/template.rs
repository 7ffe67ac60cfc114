//! Texts with interpolations and directives: quoted, as heredocs, and as whole files.

use crate::cursor::{Broken, Cursor, Read};
use crate::{Expr, ExprKind, TemplatePart};
use proofmark_source::Span;
use smol_str::SmolStr;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;

/// Where a template ends.
#[derive(Clone, Copy)]
enum End<'m> {
    /// At a quote.
    Quote,
    /// At a line that holds nothing but this.
    Marker(&'m str),
    /// At the end of the text.
    Text,
}

/// A piece of a template, before directives are matched. Outside of quotes a literal ends with its line, which limits what
/// a trim marker takes.
enum Token {
    Literal(String, Span),
    Interpolation(Expr),
    If(Expr, Span),
    Else(Span),
    EndIf(Span),
    For(ForIntro, Span),
    EndFor(Span),
}

type ForIntro = (Option<SmolStr>, SmolStr, Expr);

impl<'t> Cursor<'t> {
    /// A quoted text.
    pub fn quoted(&mut self) -> Read<ExprKind> {
        self.at += 1;
        let tokens = self.tokens(End::Quote)?;
        self.at += 1;
        self.nested(|cursor| Ok(finish(cursor.parts_of(tokens)?)))
    }

    /// A heredoc, with its indent taken away where `<<-` asks for it.
    pub fn heredoc(&mut self) -> Read<ExprKind> {
        let start = self.at;
        self.at += 2;
        let is_flush = self.eat("-");
        let marker_start = self.at;
        let is_opened = self.identifier().is_some();
        let marker = self.text.get(marker_start..self.at).unwrap_or("");
        if !is_opened || self.newline_length() == 0 {
            return Err(self.broken("a heredoc begins with `<<`, its marker, and the end of the line"));
        }
        if !self.may_be_closed(marker) {
            let message = format!("no line with `{marker}` alone ends this heredoc");
            return Err(self.broken_at(self.span_from(start), message));
        }
        self.eat_newline();
        let mut tokens = self.tokens(End::Marker(marker))?;
        if is_flush {
            take_indent(&mut tokens);
        }
        self.nested(|cursor| Ok(finish(cursor.parts_of(tokens)?)))
    }

    /// The whole text as a template.
    pub fn template(&mut self) -> Read<Vec<TemplatePart>> {
        let tokens = self.tokens(End::Text)?;
        self.nested(|cursor| cursor.parts_of(tokens))
    }

    /// The label of a block, which holds no interpolations.
    pub fn quoted_label(&mut self) -> Read<SmolStr> {
        match self.quoted()? {
            ExprKind::String(text) => Ok(text),
            _ => Err(self.broken("the label of a block cannot hold `${ … }`")),
        }
    }

    /// The pieces up to the end, trim markers applied.
    fn tokens(&mut self, end: End<'_>) -> Read<Vec<Token>> {
        let mut tokens = Vec::new();
        let mut trims_next = false;
        let mut is_line_start = true;
        loop {
            if let End::Marker(marker) = end
                && is_line_start
                && self.eat_marker(marker)
            {
                return Ok(tokens);
            }
            match self.byte(0) {
                b'"' if matches!(end, End::Quote) => return Ok(tokens),
                _ if self.is_at_end() => {
                    return match end {
                        End::Text => Ok(tokens),
                        _ => Err(self.broken("the text is never closed")),
                    };
                }
                sigil @ (b'$' | b'%') if self.byte(1) == b'{' => {
                    is_line_start = false;
                    self.at += 2;
                    if self.eat("~") {
                        trim_last(&mut tokens);
                    }
                    let outer = self.within(true, |cursor| cursor.nested(|cursor| cursor.sequence(sigil)));
                    let (token, trims) = outer?;
                    tokens.push(token);
                    trims_next = trims;
                }
                _ => {
                    let (text, span) = self.literal(end)?;
                    is_line_start = text.ends_with('\n');
                    let trims = std::mem::take(&mut trims_next);
                    let text = if trims { text.trim_start().to_owned() } else { text };
                    tokens.push(Token::Literal(text, span));
                }
            }
        }
    }

    /// Steps over the line that ends a heredoc, but for its newline.
    fn eat_marker(&mut self, marker: &str) -> bool {
        let line = self.rest().split('\n').next().unwrap_or("");
        let is_end = line.trim() == marker && !self.is_at_end();
        if is_end {
            self.at += line.trim_end().len();
        }
        is_end
    }

    /// What stands behind `${` or `%{`, and whether it trims what follows.
    fn sequence(&mut self, sigil: u8) -> Read<(Token, bool)> {
        self.space();
        let start = self.at;
        let token = if sigil == b'$' {
            Token::Interpolation(self.expression()?)
        } else {
            let word = self.identifier().unwrap_or_default();
            let span = self.span_from(start);
            match word.as_str() {
                "if" => Token::If(self.expression()?, span),
                "else" => Token::Else(span),
                "endif" => Token::EndIf(span),
                "for" => Token::For(self.for_intro()?, span),
                "endfor" => Token::EndFor(span),
                _ => {
                    let message =
                        format!("`{word}` is no directive; `if`, `else`, `endif`, `for`, `endfor` are");
                    return Err(self.broken_at(span, message));
                }
            }
        };
        self.space();
        let trims = self.eat("~");
        if self.eat("}") {
            return Ok((token, trims));
        }
        let found = self.found();
        Err(self.broken(format!("`}}` must end the interpolation or directive here, not {found}")))
    }

    /// Text up to the next sequence, the end, or (outside of quotes) the end of the line.
    fn literal(&mut self, end: End<'_>) -> Read<(String, Span)> {
        let is_quoted = matches!(end, End::Quote);
        let start = self.at;
        let mut text = String::new();
        while let Some(next) = self.rest().chars().next() {
            match next {
                '"' | '\n' if is_quoted => break,
                '\\' if is_quoted => text.push(self.escape()?),
                '$' | '%' if self.byte(1) == b'{' => break,
                '$' | '%' if self.byte(1) == self.byte(0) && self.byte(2) == b'{' => {
                    text.push(next);
                    text.push('{');
                    self.at += 3;
                }
                _ => {
                    text.push(next);
                    self.at += next.len_utf8();
                    if next == '\n' {
                        break;
                    }
                }
            }
        }
        if is_quoted && (self.newline_length() > 0 || self.is_at_end()) {
            let message = "a quoted text must end in the line where it begins; a heredoc may have several";
            return Err(self.broken_at(self.span_from(start), message));
        }
        Ok((text, self.span_from(start)))
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        let digits = match self.byte(1) {
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let simple = match self.byte(1) {
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'"' => Some('"'),
            b'\\' => Some('\\'),
            _ => None,
        };
        if let Some(simple) = simple {
            self.at += 2;
            return Ok(simple);
        }
        let code =
            self.text.get(start + 2..start + 2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.filter(|_| digits > 0) {
            // Half of a pair that is only meant for UTF-16 is no character.
            Some(code) => {
                self.at += 2 + digits;
                Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            None => {
                let message = "there is no such escape; `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\uNNNN` and `\\UNNNNNNNN` are";
                Err(self.broken_at(self.map.span(start..start + 1), message))
            }
        }
    }

    /// Matches the directives of a template.
    fn parts_of(&mut self, tokens: Vec<Token>) -> Read<Vec<TemplatePart>> {
        let is_single = tokens.len() == 1;
        let mut tokens = tokens.into_iter();
        let (mut parts, stop) = self.parts(&mut tokens)?;
        if let Some(stop) = stop {
            return Err(self.unmatched(&stop));
        }
        // A single interpolation hands its value on, but not where trimmed text stood beside it.
        if !is_single && matches!(parts.as_slice(), [TemplatePart::Interpolation(_)]) {
            let span = parts.first().map_or(self.span_from(self.at), TemplatePart::span);
            parts.push(TemplatePart::Literal(SmolStr::default(), span));
        }
        Ok(parts)
    }

    /// The parts up to the first directive that closes or divides something, and that directive.
    fn parts(&mut self, tokens: &mut std::vec::IntoIter<Token>) -> Read<(Vec<TemplatePart>, Option<Token>)> {
        let mut parts = Vec::new();
        while let Some(token) = tokens.next() {
            match token {
                Token::Literal(text, _) if text.is_empty() => {}
                Token::Literal(text, span) => push_literal(&mut parts, &text, span),
                Token::Interpolation(expr) => parts.push(TemplatePart::Interpolation(expr)),
                Token::If(condition, span) => {
                    parts.push(self.nested(|cursor| cursor.if_part(condition, span, tokens))?);
                }
                Token::For(intro, span) => {
                    parts.push(self.nested(|cursor| cursor.for_part(intro, span, tokens))?);
                }
                stop => return Ok((parts, Some(stop))),
            }
        }
        Ok((parts, None))
    }

    fn if_part(
        &mut self,
        condition: Expr,
        span: Span,
        tokens: &mut std::vec::IntoIter<Token>,
    ) -> Read<TemplatePart> {
        let (then, stop) = self.parts(tokens)?;
        let (otherwise, stop) = match stop {
            Some(Token::Else(_)) => self.parts(tokens)?,
            stop => (Vec::new(), stop),
        };
        match stop {
            Some(Token::EndIf(_)) => Ok(TemplatePart::If { condition, then, otherwise }),
            Some(stop) => Err(self.unmatched(&stop)),
            None => Err(self.broken_at(span, "no `%{ endif }` ends this `%{ if … }`")),
        }
    }

    fn for_part(
        &mut self,
        intro: ForIntro,
        span: Span,
        tokens: &mut std::vec::IntoIter<Token>,
    ) -> Read<TemplatePart> {
        let (key_name, value_name, collection) = intro;
        let (body, stop) = self.parts(tokens)?;
        match stop {
            Some(Token::EndFor(_)) => Ok(TemplatePart::For { key_name, value_name, collection, body }),
            Some(stop) => Err(self.unmatched(&stop)),
            None => Err(self.broken_at(span, "no `%{ endfor }` ends this `%{ for … }`")),
        }
    }

    fn unmatched(&self, token: &Token) -> Broken {
        let (word, span) = match token {
            Token::Else(span) => ("else", span),
            Token::EndIf(span) => ("endif", span),
            Token::EndFor(span) => ("endfor", span),
            Token::If(_, span) | Token::For(_, span) | Token::Literal(_, span) => ("", span),
            Token::Interpolation(expr) => ("", &expr.span),
        };
        self.broken_at(*span, format!("`%{{ {word} }}` stands here without its beginning"))
    }
}

fn push_literal(parts: &mut Vec<TemplatePart>, text: &str, span: Span) {
    let text = normalized(text);
    match parts.last_mut() {
        Some(TemplatePart::Literal(before, place)) => {
            *before = normalized(&format!("{before}{text}")).into();
            *place = place.join(span);
        }
        _ => parts.push(TemplatePart::Literal(text.into(), span)),
    }
}

/// A template without anything to fill in is text.
fn finish(parts: Vec<TemplatePart>) -> ExprKind {
    match parts.as_slice() {
        [] => ExprKind::String(SmolStr::default()),
        [TemplatePart::Literal(text, _)] => ExprKind::String(SmolStr::clone(text)),
        _ => ExprKind::Template(parts),
    }
}

/// Text as Terraform keeps it: in Unicode's normalization form C.
#[must_use]
pub fn normalized(text: &str) -> Cow<'_, str> {
    // The characters below U+0300 are normal, and nearly all text holds no others.
    if text.chars().all(|c| c < '\u{300}') { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

fn trim_last(tokens: &mut [Token]) {
    if let Some(Token::Literal(text, _)) = tokens.last_mut() {
        text.truncate(text.trim_end().len());
    }
}

/// Takes the indent that all lines of a heredoc share from each of them.
///
/// Follows `flushHeredocTemplateParts` of HCL's parser: trim markers have been applied before, so that a line whose indent
/// was trimmed away counts as one without indent, and a line of nothing but space does not count.
fn take_indent(tokens: &mut [Token]) {
    let mut least = usize::MAX;
    let mut lines = Vec::new();
    let mut is_line_start = true;
    for (index, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut is_line_start) {
            match token {
                Token::Literal(text, _) if text.ends_with('\n') && text.trim_start().is_empty() => {}
                Token::Literal(text, _) => {
                    least = least.min(text.chars().take_while(|c| c.is_whitespace()).count());
                    lines.push(index);
                }
                _ => least = 0,
            }
        }
        is_line_start = matches!(token, Token::Literal(text, _) if text.ends_with('\n'));
    }
    for index in lines {
        if let Some(Token::Literal(text, _)) = tokens.get_mut(index) {
            *text = text.chars().skip(least).collect();
        }
    }
}
