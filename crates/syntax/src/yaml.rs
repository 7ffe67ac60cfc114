//! YAML.

mod anchor;
mod builder;
mod merge;
mod template;

use crate::tree::MAX_DEPTH;
use crate::{Parsed, YamlDialect};
pub use template::parse_yaml_template;

use builder::Builder;
use granit_parser::{Event, Parser, ScanError};
use proofmark_source::FileId;

/// Parses YAML `text` of `file`. Never fails: see [`Parsed::diagnostics`].
///
/// A document with an error keeps what stood before the error (see [`Document::broken_at`](crate::Document)); the
/// documents behind it are read as if nothing had happened.
#[must_use]
pub fn parse_yaml(file: FileId, text: &str, dialect: YamlDialect) -> Parsed {
    parse(Builder::new(file, text, dialect), text, options(text))
}

/// The same for a text of which nobody asks for comments: where it is mostly comments, as values of charts are, that is half
/// of the work.
#[must_use]
pub fn parse_yaml_without_comments(file: FileId, text: &str, dialect: YamlDialect) -> Parsed {
    let mut options = options(text);
    options.set_emit_comments(false);
    parse(Builder::new(file, text, dialect), text, options)
}

fn parse(mut builder: Builder<'_>, text: &str, options: granit_parser::Options) -> Parsed {
    let mut parser = Parser::new_from_str_with_options(text, options);
    loop {
        match parser.next_event() {
            Some(Ok((event, span))) => {
                if matches!(event, Event::StreamEnd) {
                    break;
                }
                let range = span.byte_range().unwrap_or(0..0);
                let tag = span.tag_span().and_then(|tag| tag.slice(text));
                if builder.event(event, range, tag).is_ok() {
                    continue;
                }
            }
            Some(Err(error)) => builder.syntax_error(error_offset(&error, text), error.kind()),
            None => break,
        }
        if !proceed(&mut parser, &mut builder, text) {
            break;
        }
    }
    builder.finish()
}

/// Goes on behind the next document marker; false where there is none.
fn proceed<'t>(
    parser: &mut Parser<'t, granit_parser::StrInput<'t>>,
    builder: &mut Builder<'_>,
    text: &str,
) -> bool {
    match parser.proceed_next_document() {
        Ok(has_next) => has_next,
        Err(error) => {
            builder.syntax_error(error_offset(&error, text), error.kind());
            false
        }
    }
}

fn options(text: &str) -> granit_parser::Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        // License headers run to hundreds of lines; the text itself bounds the buffer.
        max_buffered_comment_events: text.len(),
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

fn error_offset(error: &ScanError, text: &str) -> usize {
    error.marker().byte_offset().unwrap_or(0).min(text.len())
}
