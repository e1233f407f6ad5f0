//! A picture of a run, as a standalone SVG: the stage at this moment, and below it the
//! space-time diagram. The same run gives the same bytes, in the page and on the command line.

mod bars;
mod diagram;
mod lanes;
mod spans;
mod stage;
pub(in crate::view) mod svg;

use super::plugin::Plugin;
use crate::lab::{Dictionary, History, Names, Phrase, Player, Run, Story, retrace, too_long};
use crate::sim::{Flight, Record, World};
use bars::Bars;
use diagram::Diagram;
pub use spans::{Lasting, Spans};
use svg::Svg;

/// The id of the format: `--picture svg`.
const ID: &str = "svg";

/// The room at the edges.
const EDGE: f64 = 24.0;
/// Where the stage begins, below the title.
const STAGE_TOP: f64 = 56.0;
/// The narrowest picture.
const NARROWEST: f64 = 1200.0;
/// The widest stage; a long run makes a wider picture.
const STAGE_WIDEST: f64 = 1600.0;

/// The width of a stage without a diagram.
const MOMENT_WIDTH: f64 = 860.0;

/// A picture that is told of every step, and then drawn.
pub struct Picture {
    plugin: &'static dyn Plugin,
    names: Names,
    diagram: Diagram,
}

impl Picture {
    /// The longest run, in events, of which there is a picture: a file of some 20 MB.
    pub const MOST_EVENTS: u64 = 100_000;

    /// A picture without any event yet.
    #[must_use]
    pub fn new(plugin: &'static dyn Plugin, names: &Names) -> Self {
        Picture {
            plugin,
            names: names.clone(),
            diagram: Diagram::new(names),
        }
    }

    /// Takes one step in. The records have to come in their order; they may begin in the middle
    /// of a run.
    pub fn event(&mut self, record: &Record) {
        self.diagram.event(record, self.plugin, &self.names);
    }

    /// The picture. `run` is where the records end; its clock may stand later.
    ///
    /// # Errors
    /// A sentence, where there were more events than [`Picture::MOST_EVENTS`].
    pub fn draw(&self, run: &Run, words: &Dictionary) -> Result<String, Phrase> {
        if self.diagram.events() > Self::MOST_EVENTS {
            return Err(too_long(ID, Self::MOST_EVENTS));
        }
        let world = run.world();
        let scene = self.plugin.scene(world);
        let stage_height = stage::height(&scene);
        let top = STAGE_TOP + stage_height + EDGE;
        let bars = Bars::new(&self.diagram.account, run, &self.names, words);
        let view = self.diagram.view(world, top, &bars);
        let mut svg = Svg::new(view.width, view.bottom + EDGE);
        let title = Phrase::new("picture.title")
            .with("lab", words.text("lab.title"))
            .with("time", world.now())
            .with("step", world.steps());
        let about = [Some(words.text("picture.about")), bars.about(words)];
        let about: Vec<String> = about.into_iter().flatten().collect();
        svg.about(&words.say(&title), &about.join(" "));
        let width = view.width.min(STAGE_WIDEST);
        svg.card(EDGE, STAGE_TOP, width - 2.0 * EDGE, stage_height);
        svg.card(EDGE, top, view.width - 2.0 * EDGE, view.bottom - top);
        let frame = stage::Frame {
            world,
            scene: &scene,
            plugin: self.plugin,
            names: &self.names,
            words,
            centre: (width / 2.0, STAGE_TOP + stage_height / 2.0),
        };
        frame.draw(&mut svg);
        let told = (run, &self.names, words);
        self.diagram.draw(&mut svg, &view, told, &bars);
        Ok(svg.end())
    }
}

/// The stage at the end of a story, and no more: the picture of a moment. A story that goes on for too
/// long is shown where it stands then.
#[must_use]
pub fn moment_picture(plugin: &'static dyn Plugin, story: &Story, words: &Dictionary) -> String {
    let mut history = History::onwards(story.names.lab, story.setup.clone());
    let mut player = Player::new(story);
    player.play(
        &mut history,
        Picture::MOST_EVENTS,
        &mut |_| {},
        &mut |_, _| {},
    );
    poster(plugin, history.run(), history.names(), words)
}

/// The stage as it is in a run now, and no more.
#[must_use]
pub fn poster(plugin: &'static dyn Plugin, run: &Run, names: &Names, words: &Dictionary) -> String {
    let world = run.world();
    let scene = plugin.scene(world);
    let height = stage::height(&scene);
    let mut svg = Svg::new(MOMENT_WIDTH, height);
    let frame = stage::Frame {
        world,
        scene: &scene,
        plugin,
        names,
        words,
        centre: (MOMENT_WIDTH / 2.0, height / 2.0),
    };
    frame.draw(&mut svg);
    svg.end()
}

/// The messages under way, by their names.
fn flights(world: &World) -> Vec<&Flight> {
    // They come nearly in order; and a sort of its own would weigh more than all of this file.
    let mut flights: Vec<&Flight> = Vec::new();
    for flight in world.flights() {
        let at = flights.partition_point(|other| other.letter.name < flight.letter.name);
        flights.insert(at, flight);
    }
    flights
}

/// The picture of the whole branch that is looked at, up to its end.
///
/// # Errors
/// A sentence, where the run is longer than [`Picture::MOST_EVENTS`].
pub fn picture_of_branch(
    history: &History,
    plugin: &'static dyn Plugin,
    words: &Dictionary,
) -> Result<String, Phrase> {
    let mut picture = Picture::new(plugin, history.names());
    let end = history.branch().end;
    let mut last = None;
    retrace(history, &mut |run| {
        picture.event(run.world().record());
        if run.world().steps() == end.step {
            last = Some(run.clone());
        }
        picture.diagram.events() <= Picture::MOST_EVENTS
    });
    let mut run = last.unwrap_or_else(|| Run::new(history.names().lab, history.setup()));
    if picture.diagram.events() > 0 {
        run.advance_to(end.time);
    }
    picture.draw(&run, words)
}
