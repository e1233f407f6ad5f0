//! What is drawn over time: how long the queues are, how busy the servers, and how often each was chosen.

use super::lab::{balancers, layout_of};
use super::server::Server;
use crate::engine::engine_of;
use crate::lab::{GaugeChart, Phrase, Readings};
use crate::sim::{Status, World};

/// Up to so many servers have a line each; of more, the mean, the least and the most are drawn.
const FEW: usize = 6;

/// The charts of so many servers.
pub(super) fn charts(servers: u16) -> Vec<GaugeChart> {
    let each = |at: u16| Phrase::new("gauge.server").with("n", at + 1);
    let lines: Vec<Phrase> = if usize::from(servers) <= FEW {
        (0..servers).map(each).collect()
    } else {
        ["mean", "least", "most"]
            .map(|key| Phrase::new(format!("gauge.{key}")))
            .to_vec()
    };
    let chart = |id, parts, most| GaugeChart {
        id,
        lines: lines.clone(),
        parts,
        most,
    };
    vec![
        chart("queues", 100, None),
        chart("use", 10, Some(100)),
        chart("chosen", 10, None),
    ]
}

/// What the lines show: hundredths of requests, and twice thousandths.
pub(super) fn read(world: &World) -> Readings {
    let Some(layout) = layout_of(world) else {
        return Readings::new();
    };
    let balancers: Vec<_> = balancers(world).collect();
    let chosen = |place: usize| -> u64 {
        let of = balancers.iter().map(|one| one.peers()[place].chosen);
        of.sum()
    };
    let counts: Vec<u64> = (0..usize::from(layout.servers)).map(chosen).collect();
    let all: u64 = counts.iter().sum();
    let of = |measure: &dyn Fn(&Server) -> u64| -> Vec<Option<u64>> {
        let cells = layout.all_servers().map(|id| world.cell(id));
        let up = cells.map(|cell| {
            let server = engine_of::<Server>(cell.node());
            server.filter(|_| cell.status() != Status::Down)
        });
        up.map(|server| server.map(measure)).collect()
    };
    let queues = of(&|server| 100 * server.load() as u64);
    let busy = of(&|server| server.utilisation(world.now()));
    let shares = counts.iter().map(|count| (count * 1000).checked_div(all));
    let mut readings = lines(&queues);
    readings.extend(lines(&busy));
    readings.extend(lines(&shares.collect::<Vec<_>>()));
    readings
}

/// A number for each line, of one for each server.
fn lines(values: &[Option<u64>]) -> Readings {
    let short = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    if values.len() <= FEW {
        return values.iter().map(|value| value.map(short)).collect();
    }
    let known = || values.iter().flatten().copied();
    let mean = known().sum::<u64>().checked_div(known().count() as u64);
    [mean, known().min(), known().max()]
        .map(|value| value.map(short))
        .to_vec()
}
