//! A log with vector clocks for ShiViz. Every event is two lines, as its default regular
//! expression reads them: `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
//!
//! What happened before what follows from two things only: the order at each host, and from the
//! sending of a message to its arrival. What the network does (cuts, losses, storms) stands at a
//! host of its own that hears of the messages it loses, and that nobody hears.

use super::json::Object;
use crate::engine::NodeId;
use crate::lab::names::Names;
use crate::lab::trace::{happened_phrase, note_text};
use crate::lab::words::{Dictionary, Phrase};
use crate::sim::{Happened, MessageName, Record};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many events of each host are known.
type Clock = Rc<[u32]>;

/// The clocks of all hosts, and those that messages carry.
pub(super) struct Clocks {
    /// The names of the hosts: the nodes, and then the network.
    hosts: Vec<String>,
    now: Vec<Clock>,
    /// With what clock a message left. A duplicate carries that of its original.
    carried: BTreeMap<MessageName, Clock>,
}

impl Clocks {
    pub(super) fn new(names: &Names) -> Self {
        let mut hosts: Vec<String> = names.nodes().map(|(_, name)| host(name)).collect();
        let mut network = "network".to_owned();
        while hosts.contains(&network) {
            network.push('_');
        }
        hosts.push(network);
        let zero: Clock = vec![0; hosts.len()].into();
        Clocks {
            now: vec![zero; hosts.len()],
            hosts,
            carried: BTreeMap::new(),
        }
    }

    fn network(&self) -> usize {
        self.hosts.len() - 1
    }

    /// One record is one event at each host that it changed.
    pub(super) fn event(
        &mut self,
        to: &mut String,
        record: &Record,
        names: &Names,
        words: &Dictionary,
    ) {
        if matches!(record.what, Happened::Nothing) {
            return;
        }
        let first = match &record.what {
            Happened::Lost(..) => self.network(),
            what => what.node().map_or(self.network(), NodeId::index),
        };
        let mut hosts = vec![first];
        for node in &record.touched {
            if !hosts.contains(&node.index()) {
                hosts.push(node.index());
            }
        }
        let text = text(record, names, words);
        for host in hosts {
            self.tick(host, &record.what);
            to.push_str(&text);
            to.push('\n');
            to.push_str(&self.hosts[host]);
            to.push(' ');
            self.print(to, host);
            to.push('\n');
        }
        for sent in &record.sent {
            let clock = Rc::clone(&self.now[sent.name.from.index()]);
            self.carried.insert(sent.name, clock);
        }
    }

    /// The host's next event; what it hears it then knows.
    fn tick(&mut self, host: usize, what: &Happened) {
        let mut clock = self.now[host].to_vec();
        if let Happened::Delivered(letter) | Happened::Lost(letter, _) = what {
            let original = MessageName {
                copy: 0,
                ..letter.name
            };
            let carried = self.carried.get(&original).map_or(&[][..], |clock| clock);
            for (mine, theirs) in clock.iter_mut().zip(carried) {
                *mine = (*mine).max(*theirs);
            }
        }
        clock[host] += 1;
        self.now[host] = clock.into();
    }

    fn print(&self, to: &mut String, host: usize) {
        let mut object = Object::new(to);
        for (name, count) in self.hosts.iter().zip(self.now[host].iter()) {
            if *count > 0 {
                object.number(name, *count);
            }
        }
    }
}

/// A name without white space.
fn host(name: &str) -> String {
    let plain = |c: char| {
        if c.is_whitespace() || c.is_control() {
            '_'
        } else {
            c
        }
    };
    name.chars().map(plain).collect()
}

/// What happened and why, on one line.
fn text(record: &Record, names: &Names, words: &Dictionary) -> String {
    let mut what = words.say(&happened_phrase(&record.what, names));
    for note in &record.notes {
        what.push_str("; ");
        what.push_str(&note_text(note, names, words));
    }
    let text = Phrase::new("export.event")
        .with("time", record.time)
        .with("step", record.step)
        .with("what", what);
    // A dot in a regular expression matches none of these.
    let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    words.say(&text).replace(ends, " ")
}
