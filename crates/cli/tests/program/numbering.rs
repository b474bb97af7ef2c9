//! Runs that name no folder.

use crate::desk::Desk;
use std::collections::BTreeSet;

#[test]
fn a_second_run_gets_the_next_number() {
    let desk = Desk::with_recipe();
    let out = || desk.done(&["train", "recipe.toml", "--json"]).json()["out"].clone();
    assert_eq!(out(), "runs/recipe");
    assert_eq!(out(), "runs/recipe-2");
    // Neither a foreign name nor a gap makes a run fall behind the newest one.
    desk.write("runs/recipe-of-mine/x", "");
    std::fs::remove_dir_all(desk.path("runs/recipe")).unwrap();
    assert_eq!(out(), "runs/recipe-3");
}

#[test]
fn runs_that_begin_at_the_same_moment_get_folders_of_their_own() {
    let desk = Desk::with_recipe();
    let seeds: Vec<String> = (1..=12).map(|seed: u32| seed.to_string()).collect();
    let start = |seed: &String| {
        desk.command(&["train", "recipe.toml", "--json", "--seed", seed]).spawn().unwrap()
    };
    let children: Vec<_> = seeds.iter().map(start).collect();
    let mut folders = BTreeSet::new();
    for (seed, child) in seeds.iter().zip(children) {
        let ended = crate::desk::Ended::from(child.wait_with_output().unwrap());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let out = ended.json()["out"].as_str().unwrap().to_owned();
        let recipe = desk.text(&format!("{out}/recipe.toml"));
        assert!(recipe.contains(&format!("seed = {seed}\n")), "{out} holds another run");
        folders.insert(out);
    }
    assert_eq!(folders.len(), seeds.len());
}
