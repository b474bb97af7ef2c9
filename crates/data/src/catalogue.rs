//! Data sets that can be downloaded: what they are, where from, and their checksums.

use crate::{Error, cache::Cache};

/// A data set that `wellfit data get` fetches: four IDX files under the names of MNIST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// As a person writes it.
    pub name: &'static str,
    /// What it holds.
    pub what: &'static str,
    /// Its licence.
    pub licence: &'static str,
    /// Folders on the web that hold all files, tried in this order.
    pub mirrors: &'static [&'static str],
    /// Its files.
    pub files: [Download; 4],
}

/// A file of a [`Set`] as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Name in the cache and below every mirror.
    pub name: &'static str,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'static str,
    /// SHA-256 of what it unpacks to where that is known: a mirror may pack in its own way.
    pub unpacked_sha256: Option<&'static str>,
}

/// All sets.
///
/// The checksums of MNIST's files stand in many programs that download them; the unpacked ones were
/// taken from its files, whose MD5 are the published ones. Those of Fashion-MNIST's files stand
/// beside the MD5 that its authors publish; the unpacked ones of the labels were taken from the
/// authors' repository.
pub const CATALOGUE: [Set; 2] = [
    Set {
        name: "mnist",
        what: "60,000 + 10,000 handwritten digits, grey, 28 x 28 pixels, 10 classes",
        licence: "CC BY-SA 3.0",
        mirrors: &[
            "https://storage.googleapis.com/cvdf-datasets/mnist",
            "https://ossci-datasets.s3.amazonaws.com/mnist",
        ],
        files: [
            Download {
                name: "train-images-idx3-ubyte.gz",
                bytes: 9_912_422,
                sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                unpacked_sha256: Some(
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                ),
            },
            Download {
                name: "train-labels-idx1-ubyte.gz",
                bytes: 28_881,
                sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                unpacked_sha256: Some(
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                ),
            },
            Download {
                name: "t10k-images-idx3-ubyte.gz",
                bytes: 1_648_877,
                sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                unpacked_sha256: Some(
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                ),
            },
            Download {
                name: "t10k-labels-idx1-ubyte.gz",
                bytes: 4_542,
                sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                unpacked_sha256: Some(
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                ),
            },
        ],
    },
    Set {
        name: "fashion-mnist",
        what: "60,000 + 10,000 pieces of clothing, grey, 28 x 28 pixels, 10 classes",
        licence: "MIT",
        mirrors: &[
            "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
        ],
        files: [
            Download {
                name: "train-images-idx3-ubyte.gz",
                bytes: 26_421_880,
                sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                unpacked_sha256: None,
            },
            Download {
                name: "train-labels-idx1-ubyte.gz",
                bytes: 29_515,
                sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                unpacked_sha256: Some(
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                ),
            },
            Download {
                name: "t10k-images-idx3-ubyte.gz",
                bytes: 4_422_102,
                sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                unpacked_sha256: None,
            },
            Download {
                name: "t10k-labels-idx1-ubyte.gz",
                bytes: 5_148,
                sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                unpacked_sha256: Some(
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                ),
            },
        ],
    },
];

impl Set {
    /// The set of this name; `_` and `-` are the same.
    ///
    /// # Errors
    /// [`Error::NoSuchSet`] when the catalogue lacks it.
    pub fn named(name: &str) -> Result<&'static Self, Error> {
        const SETS: &[Set; 2] = &CATALOGUE;
        let wanted = name.replace('_', "-");
        SETS.iter().find(|set| set.name == wanted).ok_or_else(|| {
            let known: Vec<_> = SETS.iter().map(|set| set.name).collect();
            Error::NoSuchSet { name: name.to_owned(), known: known.join(", ") }
        })
    }

    /// Bytes to download.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether every file is in the cache; a file gets its name there once its checksum is right.
    pub fn is_in(&self, cache: &Cache) -> bool {
        self.files.iter().all(|file| cache.folder(self.name).join(file.name).is_file())
    }
}
