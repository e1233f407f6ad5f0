//! The lessons that ship: each is played through against the engine, in both languages alike.

use super::each;
use splitbrain::lab::lesson::{Lesson, Task, Trial};
use splitbrain::lab::{Dictionary, Lang, LessonFile, Names};
use splitbrain::protocols::labs;
use splitbrain::view::{dictionary, wanted};
use splitbrain_lesson::compile;
use std::cell::Cell;

fn sheet(name: &str, lesson: &LessonFile, lang: Lang) -> String {
    compile(lesson.text(lang)).unwrap_or_else(|wrong| panic!("{name}, {}: {wrong}", lang.tag()))
}

fn read(name: &str, sheet: &str) -> Lesson {
    Lesson::read(sheet, &labs()).unwrap_or_else(|wrong| {
        let words = Dictionary::read(&[Dictionary::common(Lang::En)]);
        panic!(
            "{name}:{}:{}: {}",
            wrong.line,
            wrong.column,
            words.say(&wrong.complaint)
        )
    })
}

#[test]
fn every_step_comes_as_the_lesson_says() {
    each(|_, info| {
        for file in info.lessons {
            for lang in Lang::ALL {
                let name = format!("{}/{}.{}", info.id, file.id, lang.tag());
                let lesson = read(&name, &sheet(&name, file, lang));
                let faults = Trial::of(&lesson);
                assert!(faults.is_empty(), "{name}: {faults:#?}");
                assert!(lesson.steps().count() > 0, "{name} has no steps");
            }
        }
    });
}

#[test]
fn the_head_agrees_with_the_catalogue() {
    each(|plugin, info| {
        for file in info.lessons {
            for lang in Lang::ALL {
                let name = format!("{}/{}.{}", info.id, file.id, lang.tag());
                let lesson = read(&name, &sheet(&name, file, lang));
                assert_eq!(
                    (lesson.id.as_str(), lesson.minutes),
                    (file.id, file.minutes),
                    "{name}"
                );
                assert_eq!(lesson.lab.info().id, info.id, "{name}");
                let title = dictionary(plugin, lang).text(&format!("lesson.{}", file.id));
                assert_eq!(lesson.title, title, "{name}");
            }
        }
    });
}

/// A panel that a step opens is one that there is then.
#[test]
fn every_panel_that_is_opened_is_one_of_the_lab() {
    each(|plugin, info| {
        for file in info.lessons {
            let lesson = read(file.id, &sheet(file.id, file, Lang::En));
            let mut panels = Vec::new();
            for step in lesson.steps() {
                match &step.task {
                    Task::Setup(story) => {
                        let world = plugin.world(&story.setup);
                        let shown = plugin.panels(&world, &story.names);
                        panels = shown.iter().map(splitbrain::view::Panel::id).collect();
                    }
                    Task::Act(act) => {
                        let there = |id: &String| panels.contains(&id.as_str());
                        let at = (file.id, step.line, &act.panel);
                        assert!(act.panel.as_ref().is_none_or(there), "{at:?}");
                    }
                    Task::Run { .. } | Task::Predict(_) => {}
                }
            }
        }
    });
}

#[test]
fn every_task_says_what_to_do_and_with_what() {
    let tasks = Cell::new(0);
    each(|_, info| {
        for file in info.lessons {
            for lang in Lang::ALL {
                let name = format!("{}/{}.{}", info.id, file.id, lang.tag());
                let lesson = read(&name, &sheet(&name, file, lang));
                for step in lesson.steps() {
                    let Task::Act(act) = &step.task else {
                        continue;
                    };
                    let task = act.task.as_deref().unwrap_or_default();
                    // What is pressed stands in bold letters, as in all of these lessons.
                    let pressed = task.contains("<strong>");
                    assert!(
                        pressed,
                        "{name}:{}: no task, or nothing to press: “{task}”",
                        step.line
                    );
                    let words = match lang {
                        Lang::En => "It cannot be done",
                        Lang::ZhHans => "这做不到",
                    };
                    assert_eq!(task.contains(words), act.impossible, "{name}:{}", step.line);
                    tasks.set(tasks.get() + 1);
                }
            }
        }
    });
    assert!(tasks.get() > 100, "{}", tasks.get());
}

/// The keys whose values are prose, which differs from language to language.
const PROSE: [&str; 8] = [
    "ask", "option", "why", "task", "hint", "done", "caption", "button",
];

/// What a sheet asks for, without its prose and its places.
fn tasks(sheet: &str) -> Vec<String> {
    let line = |line: &str| {
        let mut words = line.splitn(3, ' ');
        match (
            words.next()?,
            words.next().unwrap_or(""),
            words.next().unwrap_or(""),
        ) {
            ("-", key_at, rest) if !key_at.is_empty() => {
                let (key, value) = rest.split_once(' ').unwrap_or((rest, ""));
                let value = if PROSE.contains(&key) { "" } else { value };
                Some(format!("{key} {value}"))
            }
            ("html" | "presenter" | "learned" | "title" | "paper", ..) => None,
            (word, ..) => Some(word.to_owned()),
        }
    };
    sheet.lines().filter_map(line).collect()
}

#[test]
fn both_languages_ask_for_the_same() {
    each(|_, info| {
        for file in info.lessons {
            let [en, zh] = Lang::ALL.map(|lang| tasks(&sheet(file.id, file, lang)));
            assert_eq!(en, zh, "{}/{}", info.id, file.id);
        }
    });
}

#[test]
fn every_goal_is_a_sentence() {
    let goals = Cell::new(0);
    each(|plugin, info| {
        for file in info.lessons {
            for lang in Lang::ALL {
                let name = format!("{}/{}.{}", info.id, file.id, lang.tag());
                let words = dictionary(plugin, lang);
                let lesson = read(&name, &sheet(&name, file, lang));
                // The names of the nodes are those of the run that was set up last.
                let mut names: Option<&Names> = None;
                for step in lesson.steps() {
                    match &step.task {
                        Task::Setup(story) => names = Some(&story.names),
                        Task::Act(act) => {
                            let names = names.expect("a setup comes first");
                            for goal in &act.goals {
                                let written = goal.print(names);
                                let said = wanted(goal, names, &words);
                                assert!(
                                    said.lacking.is_empty(),
                                    "{name}, “{written}”: no words {:?}",
                                    said.lacking
                                );
                                assert_ne!(said.text, written, "{name}");
                                assert!(
                                    !said.text.contains(['{', '«', '"']),
                                    "{name}: {}",
                                    said.text
                                );
                                goals.set(goals.get() + 1);
                            }
                        }
                        Task::Run { .. } | Task::Predict(_) => {}
                    }
                }
            }
        }
    });
    assert!(goals.get() > 60, "{}", goals.get());
}
