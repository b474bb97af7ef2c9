//! Tables and images in: the embedded digits, IDX folders, folders of pictures and tables in CSV or
//! Parquet, split into training, validation and test examples, and scaled by what the training part
//! alone tells; and downloads of well-known data sets into a cache.
//!
//! ```text
//! digits | idx | images -> Dataset -> split -> label noise on training labels -> scale -> Splits
//! table -> Frame -> Schema -> split -> Preprocessing (imputes, encodes, scales) -> label noise -> Splits
//! ```
//!
//! Everything is plain numbers in host memory: no tensor library lives here. Chance comes from two
//! generators that the caller hands in, one for the split and one for label noise, so that
//! switching noise on leaves the split as it was.
//!
//! ```
//! # struct Counter(u64);
//! # impl rand_core::TryRng for Counter {
//! #     type Error = std::convert::Infallible;
//! #     fn try_next_u32(&mut self) -> Result<u32, Self::Error> { Ok(self.try_next_u64()? as u32) }
//! #     fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
//! #         self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
//! #         Ok(self.0 ^ (self.0 >> 32))
//! #     }
//! #     fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
//! #         for byte in bytes { *byte = self.try_next_u32()? as u8; }
//! #         Ok(())
//! #     }
//! # }
//! # let (mut split, mut noise) = (Counter(1), Counter(2));
//! let config = toml::from_str("digits = {}\nvalidation = 300\ntest = 0.2").unwrap();
//! let splits = wellfit_data::load(&config, ".".as_ref(), &mut split, &mut noise).unwrap();
//! assert_eq!(splits.validation.len(), 300);
//! assert_eq!(splits.test.unwrap().len(), 359);
//! ```

mod apportion;
mod chance;
mod file;
mod load_table;
mod parquet_table;
mod warning;

pub mod cache;
pub mod catalogue;
pub mod config;
pub mod csv_table;
pub mod dataset;
pub mod digits;
pub mod error;
pub mod examples;
pub mod fetch;
pub mod frame;
pub mod idx;
pub mod image_folder;
pub mod images;
pub mod load;
pub mod noise;
pub mod parts;
mod pixel_scale;
pub mod place;
pub mod preprocessing;
pub mod scale;
pub mod schema;
pub mod share;
pub mod split;
pub mod table;
pub mod target;
mod target_scale;

pub use cache::Cache;
pub use config::{DataConfig, Source};
pub use dataset::{Cells, Dataset, Embedded, Target};
pub use error::Error;
pub use examples::{Examples, Kept, Reader};
pub use frame::Frame;
pub use load::{Splits, load, load_again};
pub use parts::Parts;
pub use pixel_scale::PixelScale;
pub use preprocessing::{Categories, Preprocessing};
pub use scale::{Scaler, Scaling};
pub use schema::{ColumnType, Schema};
pub use share::Share;
pub use split::{Order, Split};
pub use table::TableFile;
pub use target::Task;
pub use target_scale::TargetScale;
