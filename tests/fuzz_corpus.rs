//! What the fuzzer once broke, and what it might: every input of `fuzz/corpus` is judged as the
//! fuzzer judges, so that what was mended stays so.

#[path = "../fuzz/src/judge.rs"]
mod judge;

use splitbrain::lab::Story;
use splitbrain::protocols;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn nothing_in_the_corpus_breaks_anything() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let (mut count, mut stories, mut kinds) = (0, 0, BTreeSet::new());
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("a readable entry").path();
        println!("{}", path.display());
        let bytes = std::fs::read(&path).expect("a file");
        let judged = judge::judge(&String::from_utf8_lossy(&bytes));
        stories += u32::from(judged.story);
        kinds.insert(judged.mark);
        count += 1;
    }
    assert!(count > 40, "{count} inputs");
    assert!(
        stories > 15 && kinds.len() > 25,
        "{stories} stories, {} kinds",
        kinds.len()
    );
}

#[test]
fn the_stories_that_ship_break_nothing_cut_off_at_any_line() {
    for lab in protocols::labs() {
        for story in lab.info().stories {
            judge::judge(story.text);
            let ends = story.text.match_indices('\n').map(|(at, _)| at);
            // Every place within a line is the fuzzer's; here a few of each story will do.
            for end in ends.step_by(5) {
                judge::judge(&story.text[..end.saturating_sub(2)]);
            }
        }
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let bytes = format!("lab raft\n{}", "run 1ms\n".repeat(Story::MAX_BYTES / 8));
    let lines = format!("lab raft\n{}", "heal\n".repeat(Story::MAX_LINES));
    let word = format!("lab raft\n{} n1\n", "kill".repeat(50_000));
    let quoted = format!("lab raft\nmark \"{}\n", "x".repeat(200_000));
    for text in [bytes, lines, word, quoted] {
        let read = Story::parse(&text, &protocols::labs(), &mut |_| Ok(()));
        assert!(read.is_err());
        judge::judge(&text);
    }
}
