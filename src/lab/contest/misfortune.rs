//! The misfortunes, the same for all: each is commands of a story, written when it strikes.

/// Something that goes wrong. Its name is the phrase `misfortune.<id>` of the page's words.
pub struct Misfortune {
    /// Stable id.
    pub id: &'static str,
    /// What happens, each so many milliseconds after the strike. Of the servers the first is in charge.
    pub(super) strike: fn(&[String]) -> Vec<(u64, String)>,
    /// Whether all is well again at its end. What is dead stays dead otherwise.
    pub calms: bool,
    /// Whether it strikes servers alone, though a client is in charge.
    pub(super) servers_only: bool,
}

/// The last server of the list, which is not in charge.
fn last(cast: &[String]) -> &str {
    cast.last().map_or("", String::as_str)
}

fn charge(cast: &[String]) -> &str {
    cast.first().map_or("", String::as_str)
}

/// Fewer than half.
fn minority(cast: &[String]) -> usize {
    cast.len().saturating_sub(1) / 2
}

fn partition(groups: &[&[String]]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| group.join(" ")).collect();
    format!("partition {}", groups.join(" | "))
}

/// All crash at once. The one in charge and others, more than half in all, lose their disks and are back before those that still know.
fn wiped(cast: &[String]) -> Vec<(u64, String)> {
    let (most, few) = cast.split_at(cast.len() - minority(cast));
    let wipes = most.iter().map(|node| (0, format!("wipe {node}")));
    let kills = few.iter().map(|node| (0, format!("kill {node}")));
    let restarts = most.iter().map(|node| (100, format!("restart {node}")));
    let later = few.iter().map(|node| (1500, format!("restart {node}")));
    wipes.chain(kills).chain(restarts).chain(later).collect()
}

/// All of them, in the order in which they are shown.
pub const MISFORTUNES: [Misfortune; 11] = [
    Misfortune {
        id: "one-dies",
        strike: |cast| vec![(0, format!("kill {}", last(cast)))],
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "charge-restarts",
        strike: |cast| {
            let kill = (0, format!("kill {}", charge(cast)));
            vec![kill, (1000, format!("restart {}", charge(cast)))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "charge-gone",
        strike: |cast| vec![(0, format!("kill {}", charge(cast)))],
        calms: false,
        servers_only: false,
    },
    Misfortune {
        id: "charge-paused",
        strike: |cast| {
            let pause = (0, format!("pause {}", charge(cast)));
            vec![pause, (2000, format!("resume {}", charge(cast)))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "minority-cut",
        strike: |cast| {
            let (most, few) = cast.split_at(cast.len() - minority(cast));
            vec![(0, partition(&[most, few]))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "charge-cut",
        strike: |cast| {
            let (few, most) = cast.split_at(minority(cast));
            vec![(0, partition(&[few, most]))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "no-majority",
        strike: |cast| {
            let few = minority(cast);
            let (first, rest) = cast.split_at(few);
            let (second, third) = rest.split_at(few);
            vec![(0, partition(&[first, second, third]))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "loss",
        strike: |_| vec![(0, "loss 10%".to_owned())],
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "late",
        strike: |_| vec![(0, "latency 100ms..400ms".to_owned())],
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "disk-lost",
        strike: |cast| {
            let wipe = (0, format!("wipe {}", last(cast)));
            vec![wipe, (100, format!("restart {}", last(cast)))]
        },
        calms: true,
        servers_only: false,
    },
    Misfortune {
        id: "disks-lost",
        strike: wiped,
        calms: true,
        servers_only: true,
    },
];
