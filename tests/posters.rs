//! The posters that ship, `static/posters/LAB.svg`: each lab has one, and it shows what the engine does.
//! And the small pictures of all labs on the front page, `src/ui/front/pictures.txt`.
//! `SPLITBRAIN_BLESS=1 cargo test --test posters` draws them anew; then `node build/cards.mjs` makes the
//! cards for social networks of them.

use splitbrain::lab::{Lang, Story};
use splitbrain::protocols::{CATALOGUE, labs};
use splitbrain::view::{dictionary, moment_picture, thumbnail};
use std::path::Path;

#[test]
fn each_lab_has_its_poster() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/posters");
    let bless = std::env::var_os("SPLITBRAIN_BLESS").is_some();
    let mut wrong = Vec::new();
    for plugin in CATALOGUE {
        let id = plugin.info().id;
        // What a poster shows: a lab on its own, with all its parts at work.
        let text = format!("lab {id} seed={}\nrun 1s\n", plugin.first_seed());
        let story = Story::parse(&text, &labs(), &mut |_| Ok(()));
        let story = story.expect("a lab on its own");
        let svg = moment_picture(*plugin, &story, &dictionary(*plugin, Lang::En));
        let file = folder.join(format!("{id}.svg"));
        if bless {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&file, &svg).expect("a file");
        }
        if std::fs::read_to_string(&file).ok() != Some(svg) {
            wrong.push(id);
        }
    }
    assert!(
        wrong.is_empty(),
        "no poster, or another one: {wrong:?}. SPLITBRAIN_BLESS=1 cargo test --test posters"
    );
}

#[test]
fn each_lab_has_its_picture_on_the_front_page() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/front/pictures.txt");
    let all: String = CATALOGUE.iter().map(|plugin| thumbnail(*plugin)).collect();
    if std::env::var_os("SPLITBRAIN_BLESS").is_some() {
        std::fs::write(&file, &all).expect("a file");
    }
    assert!(
        std::fs::read_to_string(&file).ok() == Some(all),
        "a picture of the front page is another one now: SPLITBRAIN_BLESS=1 cargo test --test posters"
    );
}

#[test]
fn there_is_no_poster_of_a_lab_that_is_gone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/posters");
    for entry in std::fs::read_dir(folder).expect("the posters") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy().into_owned();
        let known = CATALOGUE
            .iter()
            .any(|plugin| name == format!("{}.svg", plugin.info().id));
        assert!(known, "{name} is of no lab");
    }
}
