//! Every fuzz target has a file and seeds, and nothing in `fuzz/` is left out of its Cargo.toml.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// More than this is no seed.
const MAX_SEED: u64 = 4_096;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The names of the targets, and where their files are.
fn targets() -> Vec<(String, String)> {
    let source = fs::read_to_string(fuzz().join("Cargo.toml")).expect("the file is there");
    let manifest: toml::Value = toml::from_str(&source).expect("the file is TOML");
    let targets = manifest["bin"].as_array().expect("it lists targets");
    let text = |target: &toml::Value, name: &str| {
        target[name].as_str().expect("names and paths are texts").to_owned()
    };
    targets.iter().map(|target| (text(target, "name"), text(target, "path"))).collect()
}

/// The names of what lies in a folder, without their endings.
fn stems(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).expect("the folder is there");
    let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    entries.map(|entry| stem(entry.expect("a readable entry").path())).collect()
}

#[test]
fn every_target_has_a_file_and_a_folder_of_seeds_and_there_are_no_others() {
    let targets = targets();
    let names: BTreeSet<String> = targets.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names.len(), targets.len(), "a target is named twice in fuzz/Cargo.toml");
    for (name, path) in &targets {
        assert_eq!(*path, format!("fuzz_targets/{name}.rs"));
    }
    assert_eq!(stems("fuzz_targets"), names, "fuzz/fuzz_targets against fuzz/Cargo.toml");
    assert_eq!(stems("corpus"), names, "fuzz/corpus against fuzz/Cargo.toml");
}

#[test]
fn seeds_are_few_and_small() {
    for (name, _) in targets() {
        let folder = fuzz().join("corpus").join(&name);
        let seeds = fs::read_dir(folder).expect("the folder is there");
        let sizes: Vec<u64> = seeds
            .map(|seed| seed.and_then(|seed| seed.metadata()).expect("a readable file").len())
            .collect();
        assert!((1..=20).contains(&sizes.len()), "{name} has {} seeds", sizes.len());
        assert!(sizes.iter().all(|size| *size <= MAX_SEED), "a seed of {name} is large");
    }
}
