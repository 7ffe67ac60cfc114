//! How reports leave the command: whole or not at all.

use crate::args::ColorChoice;
use crate::failure::Failure;
use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// Where colors go.
#[derive(Clone, Copy, Debug)]
pub struct Colors {
    /// Standard output takes colors.
    pub is_output_colored: bool,
    /// Standard error takes colors.
    pub is_error_colored: bool,
}

impl Colors {
    /// Decides by what the user says, by `NO_COLOR` (see no-color.org), and by what the streams are.
    #[expect(clippy::disallowed_methods, reason = "this crate is the door to the environment")]
    pub fn decide(choice: ColorChoice) -> Self {
        let is_allowed = || {
            let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let is_dumb = std::env::var("TERM").is_ok_and(|terminal| terminal == "dumb");
            !no_color && !is_dumb
        };
        match choice {
            ColorChoice::Always => Self { is_output_colored: true, is_error_colored: true },
            ColorChoice::Never => Self { is_output_colored: false, is_error_colored: false },
            ColorChoice::Auto => Self {
                is_output_colored: std::io::stdout().is_terminal() && is_allowed(),
                is_error_colored: std::io::stderr().is_terminal() && is_allowed(),
            },
        }
    }

    /// No colors anywhere.
    pub const NONE: Self = Self { is_output_colored: false, is_error_colored: false };

    /// What renders excerpts.
    pub fn handler(&self, is_colored: bool) -> GraphicalReportHandler {
        let styles = if is_colored { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
        GraphicalReportHandler::new_themed(theme)
            .with_width(100)
            .with_links(false)
            .without_syntax_highlighting()
    }
}

/// Memory for what is written, until the system takes it.
const BUFFER_BYTES: usize = 1 << 18;

/// Something that can be written, and fails only where the writer does.
pub trait Output {
    /// Writes the whole.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_to(&self, writer: &mut dyn Write) -> io::Result<()>;
}

impl<T: AsRef<str> + ?Sized> Output for T {
    fn write_to(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(self.as_ref().as_bytes())
    }
}

/// Writes a report to standard output. A reader who closed the pipe has what they wanted.
///
/// # Errors
/// When standard output takes no more for another reason.
pub fn print<O: Output + ?Sized>(output: &O) -> Result<(), Failure> {
    match write_buffered(output, std::io::stdout().lock()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all: the text goes to a new file beside it, which then takes its place.
///
/// # Errors
/// When the folder or the file takes no text; nothing is left behind.
pub fn write_file<O: Output + ?Sized>(path: &Path, output: &O) -> Result<(), Failure> {
    // A device or a pipe is written to, not replaced.
    if path.exists() && !path.is_file() && !path.is_dir() {
        return write_new(path, output).map_err(|error| Failure::file("write", path, &error));
    }
    let beside = beside(path);
    let written = write_new(&beside, output)
        .and_then(|()| keep_permissions(path, &beside))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Failure::file("write", path, &error)
    })
}

/// Lets a new file be used by whom the one that it replaces is used by.
fn keep_permissions(path: &Path, beside: &Path) -> std::io::Result<()> {
    match path.metadata() {
        Ok(old) => std::fs::set_permissions(beside, old.permissions()),
        Err(_) => Ok(()),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn write_new<O: Output + ?Sized>(path: &Path, output: &O) -> io::Result<()> {
    write_buffered(output, std::fs::File::create(path)?)
}

fn write_buffered<O: Output + ?Sized>(output: &O, writer: impl Write) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, writer);
    output.write_to(&mut writer)?;
    writer.flush()
}
