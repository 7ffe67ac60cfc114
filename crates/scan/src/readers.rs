//! The readers, and which files each of them takes.

use proofmark_ci::CiReader;
use proofmark_documents::{DocumentReader, RecordReader, RepositoryReader};
use proofmark_helm::HelmReader;
use proofmark_kubernetes::Kubernetes;
use proofmark_kustomize::Kustomize;
use proofmark_model::{ReadSettings, Reader, Unit, Variant};
use proofmark_source::{FileEntry, FileId, LineIndex, LoadError, Workspace};
use proofmark_terraform::TerraformReader;
use proofmark_toolconfig::ToolConfigReader;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

/// A reader and how it takes part in a scan.
pub(crate) struct Registered {
    pub(crate) reader: Box<dyn Reader>,
    /// Whether what it reads differs by environment. What does not is read once.
    pub(crate) varies: bool,
}

/// Every reader, for one scan. A new input format is a new sibling crate and one line here.
pub(crate) fn readers() -> Vec<Registered> {
    let registered = |reader: Box<dyn Reader>| Registered { reader, varies: false };
    vec![
        Registered { reader: Box::new(TerraformReader::new()), varies: true },
        Registered { reader: Box::new(HelmReader), varies: true },
        registered(Box::new(Kubernetes)),
        registered(Box::new(Kustomize)),
        registered(Box::new(CiReader)),
        registered(Box::new(ToolConfigReader)),
        registered(Box::new(DocumentReader)),
        registered(Box::new(RecordReader)),
        registered(Box::new(RepositoryReader)),
    ]
}

/// What tells units apart: the reader's name and the path.
pub(crate) type UnitKey = (&'static str, String);

/// What the readers say about the files.
pub(crate) struct Inventory {
    /// What each file was taken for, by file.
    pub(crate) classes: Vec<Vec<&'static str>>,
    /// Files that a reader wanted to look into and could not, by file.
    pub(crate) refused: Vec<bool>,
    /// The units with the place of their reader in [`readers`], sorted by path and reader.
    pub(crate) units: Vec<(usize, Unit)>,
    /// The units that are one thing in several environments, by reader and path.
    pub(crate) variants: BTreeMap<UnitKey, Variant>,
    /// Files of units that are judged only in environments that nobody asked for.
    pub(crate) left_out: BTreeSet<FileId>,
    /// Whether everything was selected, so that rules about the repository as a whole can be judged.
    pub(crate) is_whole: bool,
}

impl Inventory {
    /// Drops units that are not judged in this scan, and says which.
    pub(crate) fn leave_out(&mut self, is_left_out: impl Fn(&Unit) -> bool) -> Vec<(usize, Unit)> {
        let units = std::mem::take(&mut self.units).into_iter();
        let (left_out, kept) = units.partition(|(_, unit)| is_left_out(unit));
        self.units = kept;
        left_out
    }
}

/// Asks every reader about every file, and groups what they claim.
pub(crate) fn take_inventory(
    workspace: &dyn Workspace,
    readers: &[Registered],
    settings: &ReadSettings,
) -> Inventory {
    let watched = Watched::new(workspace);
    let files = workspace.files();
    let claims: Vec<Vec<(usize, &'static str)>> = (0..files.len())
        .into_par_iter()
        .with_min_len(32)
        .map(|index| claims_on(&watched, readers, FileId(u32::try_from(index).unwrap_or(u32::MAX))))
        .collect();
    let mut claimed: Vec<Vec<FileId>> = readers.iter().map(|_| Vec::new()).collect();
    for (index, claims) in claims.iter().enumerate() {
        for (reader, _) in claims {
            if let (Some(list), Ok(id)) = (claimed.get_mut(*reader), u32::try_from(index)) {
                list.push(FileId(id));
            }
        }
    }
    let mut units: Vec<(usize, Unit)> = readers
        .par_iter()
        .zip(&claimed)
        .enumerate()
        .flat_map_iter(|(index, (registered, claimed))| {
            let units = registered.reader.units(workspace, claimed, settings);
            units.into_iter().map(move |unit| (index, unit))
        })
        .collect();
    units.sort_by(|(a, left), (b, right)| {
        (&left.path, left.reader, a, &left.files).cmp(&(&right.path, right.reader, b, &right.files))
    });
    let classes =
        claims.into_iter().map(|claims| claims.into_iter().map(|(_, class)| class).collect()).collect();
    let is_whole = files.iter().all(|file| file.is_selected || is_installed(&file.path));
    let variants = find_variants(workspace, readers, &units);
    let refused = watched.into_refused();
    Inventory { classes, refused, units, variants, left_out: BTreeSet::new(), is_whole }
}

fn find_variants(
    workspace: &dyn Workspace,
    readers: &[Registered],
    units: &[(usize, Unit)],
) -> BTreeMap<UnitKey, Variant> {
    let mut variants = BTreeMap::new();
    for (index, registered) in readers.iter().enumerate() {
        let own: Vec<&Unit> =
            units.iter().filter(|(reader, _)| *reader == index).map(|(_, unit)| unit).collect();
        for variant in registered.reader.variants(workspace, &own) {
            variants.insert((registered.reader.name(), variant.unit.to_owned()), variant);
        }
    }
    variants
}

/// Whether a file belongs to an installed module, which is judged only where it is called.
fn is_installed(path: &str) -> bool {
    path.split('/').any(|name| name == ".terraform")
}

fn claims_on(workspace: &dyn Workspace, readers: &[Registered], file: FileId) -> Vec<(usize, &'static str)> {
    let claim = |(index, registered): (usize, &Registered)| {
        registered.reader.claim(workspace, file).map(|claim| (index, claim.class))
    };
    readers.iter().enumerate().filter_map(claim).collect()
}

/// A workspace that remembers which files somebody asked for in vain: those belong in the ledger as not read, while a
/// picture that nobody asked for is merely not recognized.
struct Watched<'w> {
    inner: &'w dyn Workspace,
    refused: Vec<AtomicBool>,
}

impl<'w> Watched<'w> {
    fn new(inner: &'w dyn Workspace) -> Self {
        Self { inner, refused: inner.files().iter().map(|_| AtomicBool::new(false)).collect() }
    }

    fn into_refused(self) -> Vec<bool> {
        self.refused.into_iter().map(AtomicBool::into_inner).collect()
    }
}

impl Workspace for Watched<'_> {
    fn files(&self) -> &[FileEntry] {
        self.inner.files()
    }

    fn load(&self, file: FileId) -> Result<&str, &LoadError> {
        let answer = self.inner.load(file);
        if let (Err(_), Some(refused)) = (&answer, self.refused.get(file.index())) {
            refused.store(true, Ordering::Relaxed);
        }
        answer
    }

    fn line_index(&self, file: FileId) -> &LineIndex {
        self.inner.line_index(file)
    }

    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        self.inner.load_bytes(file)
    }
}
