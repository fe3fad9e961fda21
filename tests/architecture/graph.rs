//! What Cargo and `deny.toml` know of the crates that are linked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Why a crate is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By the crate itself.
    Normal,
    /// By its tests.
    Dev,
    /// By its build script.
    Build,
}

/// A crate, ours or not.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) license: String,
    id: String,
    is_ours: bool,
    needs: Vec<(Kind, String)>,
}

impl Package {
    /// The crates that its Cargo.toml names, optional ones included.
    pub(crate) fn needs(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.needs.iter().filter(move |need| need.0 == kind).map(|need| need.1.as_str())
    }
}

/// All crates that are linked on this platform with all features, tests included.
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
    /// Ids of a crate and of one that it is compiled with.
    edges: Vec<(String, String)>,
}

impl Graph {
    /// Asks Cargo, which answers from what is downloaded already.
    pub(crate) fn load() -> Self {
        let metadata = metadata();
        let packages: Vec<Package> = array(&metadata["packages"]).iter().map(package).collect();
        assert!(packages.len() > 50, "Cargo names {} packages only", packages.len());
        let nodes = array(&metadata["resolve"]["nodes"]);
        let edges = nodes.iter().flat_map(|node| {
            let needs = array(&node["deps"]).iter();
            needs.map(|need| (text(&node["id"]), text(&need["pkg"])))
        });
        Self { packages, edges: edges.collect() }
    }

    /// The members of the workspace.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_ours)
    }

    /// Whether a crate of this name is a member of the workspace.
    pub(crate) fn is_ours(&self, name: &str) -> bool {
        self.ours().any(|package| package.name == name)
    }

    /// The crates that are compiled directly with one of this name.
    pub(crate) fn users_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let name_of = |id: &str| {
            let package = self.packages.iter().find(|package| package.id == id);
            &package.expect("edges join packages").name
        };
        let edges = self.edges.iter().filter(move |(_, to)| name_of(to) == name);
        edges.map(move |(from, _)| name_of(from).as_str())
    }
}

fn package(package: &Value) -> Package {
    let needs = array(&package["dependencies"]).iter().map(|need| {
        let kind = match need["kind"].as_str() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        };
        (kind, text(&need["name"]))
    });
    Package {
        name: text(&package["name"]),
        license: package["license"].as_str().unwrap_or("no licence at all").to_owned(),
        id: text(&package["id"]),
        is_ours: package["source"].is_null(),
        needs: needs.collect(),
    }
}

/// For this platform only: what others need may not be downloaded here.
fn metadata() -> Value {
    let rustc = run(Command::new("rustc").arg("-vV"));
    let host =
        rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc has a host");
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let flags = ["metadata", "--format-version", "1", "--offline", "--locked", "--all-features"];
    let mut command = Command::new(cargo);
    command.args(flags).args(["--filter-platform", host]).current_dir(root());
    serde_json::from_str(&run(&mut command)).expect("cargo metadata writes JSON")
}

/// The names of all crates in the program itself, tests left out, with all features. Unlike the graph,
/// this leaves out what an optional dependency only mentions.
pub(crate) fn built_in() -> BTreeSet<String> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let mut command = Command::new(cargo);
    command.args(["tree", "--offline", "--locked", "--package", "doorward", "--all-features"]);
    command.args(["--edges", "normal,build", "--prefix", "none"]).current_dir(root());
    let tree = run(&mut command);
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("Rust's own tools can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed; `cargo fetch` may mend it:\n{errors}");
    String::from_utf8(output.stdout).expect("Rust's own tools write UTF-8")
}

/// A crate as `Cargo.lock` names it, for all platforms.
pub(crate) struct Locked {
    pub(crate) name: String,
    /// Where it comes from; `None` for a folder.
    pub(crate) source: Option<String>,
}

/// All of `Cargo.lock`.
pub(crate) fn lock() -> Vec<Locked> {
    let lock = read_toml("Cargo.lock");
    let packages = lock["package"].as_array().expect("Cargo.lock lists packages");
    let locked = packages.iter().map(|package| Locked {
        name: words(&package["name"]),
        source: package.get("source").map(words),
    });
    locked.collect()
}

/// A crate that `deny.toml` bans.
pub(crate) struct Ban {
    pub(crate) name: String,
    /// Who may use it nevertheless; `None` bans it altogether.
    pub(crate) wrappers: Option<Vec<String>>,
    pub(crate) reason: String,
}

/// The bans of `deny.toml`.
pub(crate) fn bans() -> Vec<Ban> {
    let deny = read_toml("deny.toml");
    let bans = deny["bans"]["deny"].as_array().expect("deny.toml lists bans");
    let ban = |ban: &toml::Value| Ban {
        name: words(&ban["crate"]),
        wrappers: ban.get("wrappers").map(list),
        reason: words(&ban["reason"]),
    };
    bans.iter().map(ban).collect()
}

/// The licences that `deny.toml` allows.
pub(crate) fn allowed_licences() -> Vec<String> {
    list(&read_toml("deny.toml")["licenses"]["allow"])
}

fn read_toml(name: &str) -> toml::Value {
    let source = fs::read_to_string(root().join(name)).expect("the file is there");
    toml::from_str(&source).expect("the file is TOML")
}

fn list(value: &toml::Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(words).collect()
}

fn words(value: &toml::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
