//! `experiment`: what it prints, that neither threads nor parts matter, and what it refuses.

use super::refusals::refused;
use super::{json, printed};

const SPLIT: [&str; 7] = [
    "experiment",
    "raft",
    "split-vote",
    "--set",
    "latency_share=0.1..0.5/3",
    "--seeds",
    "3..10",
];

fn with(more: &[&str]) -> String {
    let (out, err) = printed(&[&SPLIT[..], more].concat(), "", 0);
    // Progress is for terminals.
    assert_eq!(err, "");
    out
}

#[test]
fn parts_one_behind_the_other_are_the_whole_whatever_the_threads() {
    let whole = with(&["--csv", "--threads", "1"]);
    assert_eq!(whole, with(&["--csv", "--threads", "3"]));
    assert!(
        whole.starts_with("point,latency_share,seed,split\n0,0.1,3,"),
        "{whole}"
    );
    assert_eq!(whole.lines().count(), 1 + 3 * 7);
    for parts in [1, 2, 5, 40] {
        let part = |i| with(&["--csv", "--shard", &format!("{i}/{parts}")]);
        let joined: String = (1..=parts).map(part).collect();
        assert_eq!(joined, whole, "{parts} parts");
    }
}

#[test]
fn the_columns_are_those_that_are_promised() {
    let sets = [
        "nodes=5",
        "alive=4",
        "latency_ms_min=15",
        "latency_ms_max=15",
        "timeout_ms_min=150",
        "timeout_ms_max=300",
    ];
    let mut args = vec![
        "experiment",
        "raft",
        "election-time",
        "--csv",
        "--seeds",
        "1..4",
    ];
    for set in &sets {
        args.extend(["--set", set]);
    }
    let (out, _) = printed(&args, "", 0);
    assert!(out.starts_with("point,seed,elected_us\n0,1,"), "{out}");
    for line in out.lines().skip(1) {
        let time: u64 = line
            .rsplit(',')
            .next()
            .expect("a field")
            .parse()
            .expect("microseconds");
        assert!((180_000..5_000_000).contains(&time), "{line}");
    }
}

#[test]
fn the_json_says_what_the_runs_come_to_and_what_theory_says() {
    let document = json(&with(&["--json"]));
    assert_eq!(document["experiment"], "split-vote");
    assert_eq!(document["varied"], json(r#"["latency_share"]"#));
    let points = document["points"].as_array().expect("points");
    assert_eq!(points.len(), 3);
    let last = &points[2];
    assert_eq!(last["params"]["latency_share"], 0.5);
    let exact = last["theory"]["exact"].as_f64().expect("a number");
    assert!((exact - 0.5).abs() < 1e-12, "{exact}");
    let runs = last["runs"].as_array().expect("runs");
    let ones = runs.iter().filter(|run| run["split"] == 1.0).count() as f64;
    assert_eq!(last["measured"]["split"]["mean"].as_f64(), Some(ones / 7.0));
    assert_eq!(last["measured"]["split"]["measured"], 7);
}

#[test]
fn the_table_has_theory_beside() {
    let table = with(&[]);
    assert!(table.contains("latency_share  measured"), "{table}");
    assert!(table.contains("exact") && table.contains("50 %"), "{table}");
}

#[test]
fn the_catalogue_lists_experiments() {
    let (out, _) = printed(&["labs", "--json"], "", 0);
    let labs = json(&out);
    let raft = labs
        .as_array()
        .expect("labs")
        .iter()
        .find(|lab| lab["id"] == "raft");
    let all = raft.expect("raft")["experiments"]
        .as_array()
        .expect("experiments");
    let ids: Vec<_> = all
        .iter()
        .map(|one| one["id"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(ids, ["election-time", "split-vote", "downtime"]);
    assert_eq!(all[0]["columns"], json(r#"["elected_us"]"#));
    let latency = &all[0]["params"][2];
    assert_eq!(
        (&latency["name"], &latency["unit"]),
        (&"latency_ms_min".into(), &"ms".into())
    );
    assert_eq!(
        (&latency["kind"], &latency["default"]),
        (&"duration".into(), &"15ms".into())
    );
    assert!(
        latency["help"]
            .as_str()
            .is_some_and(|help| !help.contains('\u{ab}'))
    );
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() {
    let told = |args: &[&str]| refused(&[&["experiment"], args].concat(), "");
    assert!(told(&["raft", "nothing"]).contains("it has: election-time, split-vote, downtime"));
    assert!(told(&["heartbeat", "x"]).contains("heartbeat has no experiments"));
    assert!(told(&["no-lab", "x"]).starts_with("LAB:1:1:"));
    let wrong = told(&["raft", "split-vote", "--set", "nodes=5", "--set", "alive=2"]);
    assert!(
        wrong.starts_with("--set:2:7: alive=2 is out of bounds; allowed: 3..5"),
        "{wrong}"
    );
    let wrong = told(&["raft", "split-vote", "--set", "latency_share=0.1..0.9/3"]);
    assert!(
        wrong.starts_with("--set:1:15: latency_share=0.9 is out of bounds; allowed: 0%..50%"),
        "{wrong}"
    );
    assert!(
        told(&["raft", "split-vote", "--seeds", "1..99999999"]).contains("allowed: 1..10000000")
    );
    for args in [
        ["--shard", "1/2"],
        ["--shard", "3/2"],
        ["--seeds", "5..5"],
        ["--threads", "0"],
    ] {
        let (_, err) = printed(
            &[&["experiment", "raft", "split-vote"], &args[..]].concat(),
            "",
            2,
        );
        assert!(!err.is_empty(), "{args:?}");
    }
}
