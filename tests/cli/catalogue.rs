//! `labs`: the catalogue as text and as JSON.

use super::{json, printed};
use serde_json::Value;
use splitbrain::lab::{Mode, ParamKind};
use splitbrain::protocols;

#[test]
fn labs_lists_the_whole_catalogue() {
    let (out, _) = printed(&["labs", "--json"], "", 0);
    let listed = json(&out);
    let labs = protocols::labs();
    assert_eq!(listed.as_array().map(Vec::len), Some(labs.len()));
    for (lab, listed) in labs.iter().zip(listed.as_array().expect("an array")) {
        let info = lab.info();
        assert_eq!(listed["id"], info.id);
        assert_eq!(listed["family"], info.family);
        for lang in ["en", "zh-Hans"] {
            let title = listed["title"][lang].as_str().expect("a title");
            assert!(!title.is_empty() && !title.contains('\u{ab}'), "{title}");
        }
        let ids = |of: &str| -> Vec<String> {
            let all = listed[of]
                .as_array()
                .unwrap_or_else(|| panic!("{of} is an array"));
            let id = |one: &Value| one.get("id").unwrap_or(one).as_str().map(str::to_owned);
            all.iter().filter_map(id).collect()
        };
        let [found, built] = ["found_in", "built_on"].map(ids);
        assert_eq!((found, built), (owned(info.found_in), owned(info.built_on)));
        assert_eq!(
            ids("rules"),
            info.rules.iter().map(|r| r.id).collect::<Vec<_>>()
        );
        assert_eq!(
            ids("checks"),
            info.checks.iter().map(|c| c.id).collect::<Vec<_>>()
        );
        assert_eq!(
            ids("stories"),
            info.stories.iter().map(|s| s.id).collect::<Vec<_>>()
        );
        let experiments = listed["experiments"].as_array().expect("experiments");
        assert_eq!(experiments.len(), lab.experiments().len());
        for (told, experiment) in experiments.iter().zip(lab.experiments()) {
            let spec = experiment.spec();
            assert_eq!(told["id"], spec.id);
            let params = told["params"].as_array().expect("params");
            let names = params.iter().map(|param| param["name"].as_str());
            assert!(names.eq(spec.params.iter().map(|param| Some(param.name))));
        }
        for (check, listed) in info
            .checks
            .iter()
            .zip(listed["checks"].as_array().expect("checks"))
        {
            let mode = match check.mode {
                Mode::Always => "always",
                Mode::Sometimes => "sometimes",
                Mode::Eventually(_) => "eventually",
            };
            assert_eq!(listed["mode"], mode);
            let assumes = listed["assumes"].as_array().expect("faults");
            assert_eq!(assumes.len(), check.assumes.iter().count());
        }
        params_are_listed(*lab, listed);
    }
    let (text, _) = printed(&["labs"], "", 0);
    assert!(
        labs.iter().all(|lab| text.contains(lab.info().id)),
        "{text}"
    );
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn params_are_listed(lab: &dyn splitbrain::lab::Lab, listed: &Value) {
    let listed = listed["params"].as_array().expect("params");
    assert_eq!(listed.len(), lab.info().params.len());
    for (spec, listed) in lab.info().params.iter().zip(listed) {
        let kind = match spec.kind {
            ParamKind::Integer(..) => "integer",
            ParamKind::Duration(..) => "duration",
            ParamKind::Ratio(..) => "ratio",
            ParamKind::Choice(..) => "choice",
            ParamKind::Flag(_) => "flag",
        };
        assert_eq!(
            (&listed["name"], &listed["kind"]),
            (&spec.name.into(), &kind.into())
        );
        for field in ["default", "min", "max", "unit", "choices", "help"] {
            assert!(listed.get(field).is_some(), "{}: {field}", spec.name);
        }
        // What is listed can be set, but for flags, which JSON has its own words for.
        for bound in ["default", "min", "max"].map(|field| &listed[field]) {
            let value = match bound {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
            };
            assert_eq!(spec.parse(&value).err(), None, "{}={value}", spec.name);
        }
    }
}
