use super::*;

fn sent() -> Value {
    json!({
        "seed": 3,
        "data": { "shape": { "kind": "xor", "n": 100 }, "validation": 0.5, "test": 0 },
        "model": { "mlp": { "widths": [4] } },
        "train": { "epochs": 5, "batch_size": 10, "learning_rate": 0.1 },
        "regularize": [{ "l2": { "lambda": 0.1 } }],
    })
}

fn asked(change: impl Fn(&mut Value)) -> Result<Asked, String> {
    let mut sent = sent();
    change(&mut sent);
    Asked::read(sent, &Uploads::default())
}

fn refused(change: impl Fn(&mut Value)) -> String {
    let experiment = asked(change).and_then(|asked| asked.experiment(None));
    experiment.err().expect("a refusal")
}

#[test]
fn a_shape_is_a_table_of_the_recipe() {
    let experiment = asked(|_| ()).unwrap().experiment(None).unwrap();
    assert!(experiment.canonical.contains("path = \"xor.csv\""), "{}", experiment.canonical);
    assert_eq!((experiment.data.train.len(), experiment.inputs()), (50, 2));
    assert_eq!(experiment.doors.ids(), ["l2"]);
}

#[test]
fn files_of_the_machine_cannot_be_named() {
    let data = |data: Value| refused(move |sent| sent["data"] = data.clone());
    let path = json!({ "path": "/etc/passwd", "target": "x" });
    for key in ["table", "csv", "parquet", "idx", "images", "mnist"] {
        assert!(data(json!({ key: path })).contains("expected one of"), "{key}");
        assert!(data(json!({ "digits": {}, key: path })).contains("unknown key"), "{key}");
    }
    let teacher = json!([{ "distillation": { "teacher": "/etc" } }]);
    assert!(refused(|s| s["regularize"] = teacher.clone()).contains("cannot name"));
    assert!(refused(|s| s["fine_tune"] = json!({ "from": "/etc" })).contains("unknown key"));
    let upload = json!({ "id": 1, "target": "x", "path": "/etc/passwd" });
    assert!(data(json!({ "upload": upload })).contains("unknown field"));
    assert!(data(json!({ "upload": { "id": 1, "target": "x" } })).contains("send it again"));
}

#[test]
fn bounds_are_told_before_anything_is_built() {
    assert!(refused(|s| s["train"]["epochs"] = 5001.into()).contains("at most 5000"));
    assert!(refused(|s| s["train"]["batch_size"] = 1025.into()).contains("at most 1024"));
    assert!(refused(|s| s["model"]["mlp"]["widths"] = json!([513])).contains("at most 512"));
    assert!(refused(|s| s["model"]["mlp"]["widths"] = vec![1; 9].into()).contains("at most 8"));
    let wide = json!([512, 512, 512]);
    assert!(refused(|s| s["model"]["mlp"]["widths"] = wide.clone()).contains("parameters"));
    assert!(
        refused(|s| s["model"] = json!({ "resnet": { "depth": 8 } })).contains("`mlp` or `linear`")
    );
    assert!(refused(|s| s["data"]["shape"]["n"] = 5001.into()).contains("10 to 5000"));
    assert!(refused(|s| s["seed"] = (-1).into()).contains("whole number"));
    assert!(refused(|s| s["train"]["learning_rate"] = Value::Null).contains("without null"));
    assert!(refused(|s| *s = json!([1])).contains("`data`"));
}

#[test]
fn the_teacher_of_a_page_is_the_same_network_trained_first() {
    let taught = |weight: f64| {
        let entry = json!([{ "distillation": { "weight": weight } }]);
        asked(|sent| sent["regularize"] = entry.clone()).unwrap().experiment(None).unwrap()
    };
    let half = taught(0.5);
    assert!(half.canonical.contains("teacher = \"teacher\""), "{}", half.canonical);
    // The fingerprint holds every number of the teacher: it is made anew for another recipe
    // alone, and the same each time.
    assert_eq!(taught(0.5).fingerprint(), half.fingerprint());
    assert_ne!(taught(0.7).fingerprint(), half.fingerprint());
    let strong = asked(|sent| sent["regularize"][0]["l2"]["lambda"] = 3.into()).unwrap();
    assert_eq!(strong.teacher(), asked(|_| ()).unwrap().teacher(), "strengths leave it alone");
    let loss = |experiment: &Experiment| {
        let trained = experiment.train(None, &mut ()).unwrap();
        trained.log.get(wellfit::core::run::Part::Train, "loss").unwrap().points.clone()
    };
    assert_ne!(loss(&half), loss(&taught(0.0)));
}

#[test]
fn strengths_are_all_that_may_differ_while_a_run_goes() {
    let first = asked(|_| ()).unwrap();
    let same = |change: fn(&mut Value)| first.is_same_but_for_strengths(&asked(change).unwrap());
    assert!(same(|s| s["regularize"][0]["l2"]["lambda"] = 3.into()));
    assert!(same(|s| s["regularize"] = json!([])));
    assert!(same(|s| s["train"]["learning_rate"] = 0.5.into()));
    assert!(!same(|s| s["train"]["batch_size"] = 20.into()));
    assert!(!same(|s| s["seed"] = 4.into()));
    assert!(!same(|s| s["data"]["shape"]["n"] = 200.into()));
    let rate = asked(|s| s["train"]["learning_rate"] = 0.5.into()).unwrap().plain();
    assert_eq!(first.with_rate_of(&rate).experiment(None).unwrap().doors.ids(), ["l2"]);
}
