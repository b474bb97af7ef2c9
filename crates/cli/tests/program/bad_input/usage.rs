//! Commands that do not exist: exit code 2, and what does exist.

use super::refused;
use crate::desk::Desk;

#[test]
fn wrong_commands_and_options() {
    let desk = Desk::with_recipe();
    for (args, says) in [
        ("trian recipe.toml", ["unrecognized subcommand 'trian'", "'train'"]),
        ("train", ["required arguments were not provided", "<RECIPE|TABLE>"]),
        ("train recipe.toml --epochs 3", ["unexpected argument '--epochs'", "--help"]),
        ("train recipe.toml --seed x", ["invalid value 'x' for '--seed <N>'", "--help"]),
        ("train recipe.toml --seed -1", ["-1", "--help"]),
        ("train recipe.toml --checkpoint-every=-1", ["a finite number of at least 0", "found -1"]),
        ("train recipe.toml --checkpoint-every nan", ["a finite number of at least 0", "nan"]),
        ("train recipe.toml --set", ["a value is required for '--set <KEY=VALUE>'", "--help"]),
        ("explain", ["required arguments were not provided", "--recipe"]),
        ("explain dropout --recipe recipe.toml", ["cannot be used with", "--recipe"]),
        ("techniques --yaml", ["unexpected argument '--yaml'", "--help"]),
    ] {
        refused(&desk, &args.split(' ').collect::<Vec<_>>(), 2, &says);
    }
}
