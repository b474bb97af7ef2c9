//! Training that learns from a stored model.

use crate::desk::{Desk, RECIPE};

fn student(teacher: &str) -> String {
    let small = RECIPE.replace("widths = [16]", "widths = [8]");
    format!("{small}[[regularize]]\ndistillation = {{ teacher = \"{teacher}\", weight = 1.0 }}\n")
}

fn desk() -> Desk {
    let desk = Desk::with_recipe();
    desk.done(&["train", "recipe.toml", "--out", "teacher"]);
    desk.write("student.toml", student("teacher"));
    desk
}

#[test]
fn a_student_learns_from_the_teacher_alone() {
    let desk = Desk::with_recipe();
    desk.write("student.toml", student("teacher"));
    desk.done(&["train", "recipe.toml", "--set", "train.epochs=20", "--out", "teacher"]);
    // No label says anything: all but the teacher's are wrong more often than right.
    let noisy = ["--set", "data.label_noise=0.9", "--set", "train.epochs=20"];
    let train = |out: &str, more: &[&str]| {
        let base = ["train", "student.toml", "--json", "--out", out];
        desk.done(&[&base[..], &noisy, more].concat()).json()["validation"]["accuracy"].clone()
    };
    let taught = train("taught", &[]).as_f64().unwrap();
    let untaught = train("untaught", &["--set", "regularize.distillation.weight=0.0"]);
    assert!(taught > 0.7, "{taught}");
    assert!(untaught.as_f64().unwrap() < 0.5, "{untaught}");
}

#[test]
fn a_resumed_run_wants_the_same_teacher() {
    let desk = desk();
    desk.done(&["train", "student.toml", "--out", "s"]);
    desk.done(&["train", "student.toml", "--out", "s", "--resume"]);
    let other = ["--set", "train.learning_rate=0.01", "--out", "other"];
    desk.done(&[&["train", "recipe.toml"][..], &other].concat());
    std::fs::remove_dir_all(desk.path("teacher")).unwrap();
    std::fs::rename(desk.path("other"), desk.path("teacher")).unwrap();
    let refused = desk.run(&["train", "student.toml", "--out", "s", "--resume"]);
    assert_eq!(refused.code, Some(1));
}

#[test]
fn a_teacher_that_does_not_fit_is_refused_with_its_place() {
    let desk = desk();
    let train = |set: &str| {
        let ended = desk.run(&["train", "student.toml", "--out", "s", "--set", set]);
        assert_eq!(ended.code, Some(1), "{set}: {}", ended.err);
        assert!(!desk.path("s").exists());
        ended.err.replace("\n  ", " ")
    };
    let missing = train("regularize.distillation.teacher=\"nowhere\"");
    assert!(missing.contains("the teacher cannot be opened"), "{missing}");
    assert!(missing.contains("student.toml:14:") || missing.contains("--set"), "{missing}");
    let loss = train("train.loss=\"sigmoid_cross_entropy\"");
    assert!(loss.contains("the teacher does not fit: it was trained with the loss"), "{loss}");
    let rows = (0..90).map(|i| format!("{},{},{}\n", i % 7, i % 11, ["x", "y", "z"][i % 3]));
    desk.write("t.csv", format!("a,b,y\n{}", rows.collect::<String>()));
    let inputs = train("data={ csv = { path = \"t.csv\", target = \"y\" } }");
    assert!(inputs.contains("takes examples of shape [1, 8, 8], found [2]"), "{inputs}");
}

#[test]
fn a_teacher_that_saw_the_rows_that_judge_its_student_is_refused() {
    let desk = desk();
    let refused = |more: &[&str]| {
        let ended = desk.run(&[&["train", "student.toml", "--out", "s"], more].concat());
        assert_eq!(ended.code, Some(1), "{more:?}: {}", ended.err);
        ended.err.replace("\n  ", " ")
    };
    let other = refused(&["--set", "seed=2"]);
    assert!(other.contains("the teacher was trained on about"), "{other}");
    assert!(other.contains("of this run's validation examples"), "{other}");
    // Rows that no part of the run is judged by may be anybody's.
    desk.done(&["train", "student.toml", "--set", "data.first=50", "--out", "few"]);
    std::fs::remove_dir_all(desk.path("teacher")).unwrap();
    let again = ["--set", "train.refit=\"with_validation\"", "--out", "teacher"];
    desk.done(&[&["train", "recipe.toml"][..], &again].concat());
    let refitted = refused(&[]);
    assert!(refitted.contains("of this run's validation examples"), "{refitted}");
}

#[test]
fn a_teacher_of_other_rows_or_classes_is_refused_and_its_student_stands_without_it() {
    let desk = Desk::new();
    let rows = (0..90).map(|i| format!("{},{},{}\n", i % 7, i % 11, ["x", "y", "z"][i % 3]));
    desk.write("t.csv", format!("a,b,y\n{}", rows.collect::<String>()));
    let recipe = |rest: &str| {
        format!(
            "seed = 1\ndata = {{ csv = {{ path = \"t.csv\", target = \"y\" }} }}\n\
             model = {{ mlp = {{ widths = [4] }} }}\n\
             train = {{ epochs = 1, batch_size = 16, learning_rate = 0.1 }}\n{rest}"
        )
    };
    desk.write("teacher.toml", recipe(""));
    desk.write("student.toml", recipe("[[regularize]]\ndistillation = { teacher = \"t\" }\n"));
    desk.done(&["train", "teacher.toml", "--out", "t"]);
    desk.done(&["train", "student.toml", "--out", "s"]);
    let refused = desk.run(&["train", "student.toml", "--set", "seed=2", "--out", "s2"]);
    let told = refused.err.replace("\n  ", " ");
    assert!(refused.code == Some(1) && told.contains("scaled by other examples"), "{told}");
    assert!(told.contains("student.toml:"), "{told}");
    std::fs::remove_dir_all(desk.path("t")).unwrap();
    desk.done(&["evaluate", "s", "t.csv"]);
    desk.done(&["train", "teacher.toml", "--out", "t"]);
    let rows = (0..90).map(|i| format!("{},{},{}\n", i % 7, i % 11, ["x", "y", "w"][i % 3]));
    desk.write("t.csv", format!("a,b,y\n{}", rows.collect::<String>()));
    let refused = desk.run(&["train", "student.toml", "--out", "s3"]);
    let told = refused.err.replace("\n  ", " ");
    assert!(told.contains("it predicts the classes x, y, z, and the target holds"), "{told}");
}
