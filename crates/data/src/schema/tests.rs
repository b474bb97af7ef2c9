use super::*;
use crate::csv_table;
use std::path::Path;

fn frame(text: &str) -> Frame {
    csv_table::parse(Path::new("t.csv"), text.as_bytes(), &["y"]).unwrap()
}

/// A column `x` of the given name and cells beside a target.
fn column(name: &str, cells: &[String]) -> Frame {
    let rows: String = cells.iter().map(|cell| format!("{cell},0\n")).collect();
    frame(&format!("{name},y\n{rows}"))
}

fn role(name: &str, cell: impl Fn(usize) -> String) -> Result<Role, Error> {
    let cells: Vec<String> = (0..60).map(cell).collect();
    let schema = Schema::infer(&column(name, &cells), "y", &[], &BTreeMap::new())?;
    Ok(schema.columns[0].role.clone())
}

fn kept(name: &str, cell: impl Fn(usize) -> String) -> Role {
    role(name, cell).unwrap()
}

fn is_dropped(role: &Role) -> bool {
    matches!(role, Role::Dropped(_))
}

#[test]
fn numbers_are_numbers_unless_they_count_rows() {
    assert_eq!(kept("x", |row| (row % 7).to_string()), Role::Number);
    assert_eq!(kept("x", |row| (row * 3).to_string()), Role::Number, "with gaps");
    assert!(
        is_dropped(&kept("x", |row| ((row * 7) % 60 + 5).to_string())),
        "row numbers, shuffled"
    );
    for name in ["id", "Customer_ID", "index"] {
        assert!(is_dropped(&kept(name, |row| (row * 3).to_string())), "{name}");
    }
    assert_eq!(kept("width", |row| (row * 3).to_string()), Role::Number);
    assert_eq!(kept("id", |row| (row as f64 * 0.5).to_string()), Role::Number, "not whole");
    assert_eq!(
        kept("x", |row| if row == 3 { String::new() } else { row.to_string() }),
        Role::Number
    );
}

#[test]
fn words_are_categories_unless_nearly_all_differ_or_they_are_prose() {
    assert_eq!(kept("x", |row| format!("w{}", row % 30)), Role::Category);
    assert!(is_dropped(&kept("x", |row| format!("w{}", row % 31))), "under two rows each");
    assert_eq!(kept("x", |row| format!("very good in a word {}", row % 20)), Role::Category);
    assert!(is_dropped(&kept("x", |row| format!("it was on day {}", row % 21))));
    assert!(is_dropped(&kept("x", |_| "NA".to_owned())));
    assert_eq!(kept("x", |row| if row == 0 { "2".into() } else { "5more".into() }), Role::Category);
}

#[test]
fn a_stray_word_among_many_numbers_is_told() {
    let cell = |row| if row == 40 { "12.5.5".to_owned() } else { format!("{row}.5") };
    let text = role("x", cell).unwrap_err().to_string();
    let expected = "t.csv, line 42, column `x`: expected a number as in 59 of 60 cells (`columns \
                    = { \"x\" = \"category\" }` takes words), found `12.5.5`";
    assert_eq!(text, expected);
    let often = kept("x", |row| if row < 7 { "many".to_owned() } else { row.to_string() });
    assert!(is_dropped(&often), "seven words in sixty are meant; 54 levels are too many");
}

#[test]
fn the_recipe_has_the_last_word() {
    let frame = frame("id,zip,note,y\n1,1,a,0\n2,2,b,1\n");
    let told = [
        ("id".to_owned(), ColumnType::Number),
        ("zip".to_owned(), ColumnType::Category),
        ("note".to_owned(), ColumnType::Drop),
    ];
    let schema = Schema::infer(&frame, "y", &[], &told.into()).unwrap();
    let roles: Vec<&Role> = schema.columns.iter().map(|column| &column.role).collect();
    let dropped = Role::Dropped("as told".to_owned());
    assert_eq!(roles, [&Role::Number, &Role::Category, &dropped, &Role::Target]);
    assert_eq!(schema.warnings(), [""; 0], "what was asked for is no surprise");
    let typo = [("zpi".to_owned(), ColumnType::Drop)].into();
    let text = Schema::infer(&frame, "y", &[], &typo).unwrap_err().to_string();
    assert!(text.contains("no column is named `zpi` (did you mean `zip`?)"), "{text}");
}

#[test]
fn the_summary_shows_type_missing_and_levels() {
    let schema = Schema::infer(
        &frame("age,sex,gone,when,y\n20,f,,1,0\n,m,,2,1\n30,f,,3,1\n"),
        "y",
        &["when"],
        &BTreeMap::new(),
    )
    .unwrap();
    let expected = "\
column  type      missing  levels
age     number          1       2
sex     category        0       2
gone    dropped         3       0  it has no value in any row
when    split           0       3
y       target          0       2
";
    assert_eq!(schema.to_string(), expected);
    let warnings = schema.warnings();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("column `gone` is dropped: it has no value in any row; "));
}

/// A table of two rows: `numbers` columns of numbers, one of words, one that is empty.
fn wide(numbers: usize) -> Schema {
    let header: String = (0..numbers).map(|i| format!("x{i},")).collect();
    let first: String = (0..numbers).map(|i| format!("{i},")).collect();
    let second: String = (0..numbers).map(|i| if i == 30 { "," } else { "7," }).collect();
    let frame = frame(&format!("{header}sex,gone,y\n{first}f,,0\n{second}m,,1\n"));
    Schema::infer(&frame, "y", &[], &BTreeMap::new()).unwrap()
}

#[test]
fn many_like_columns_are_summed_up() {
    let schema = wide(64);
    let text = schema.summary(20);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 21, "the head and 20 lines\n{text}");
    assert!(lines[1].starts_with("x0 ") && lines[16].starts_with("x15 "), "{text}");
    assert!(lines[17].starts_with("sex") && lines[18].starts_with("gone"), "{text}");
    assert!(lines[19].starts_with("y "), "{text}");
    let rest = "... and 48 more numeric columns: missing 0 to 1, levels 1 to 2";
    assert_eq!(lines[20], rest);
    assert_eq!(schema.to_string().lines().count(), 1 + 64 + 3, "unasked, all are shown");
    assert_eq!(wide(17).summary(20), wide(17).to_string(), "20 columns fit into 20 lines");
    assert_eq!(wide(18).summary(20).lines().count(), 21);
}

#[test]
fn many_dropped_columns_are_told_together() {
    let header: String = (0..30).map(|i| format!("x{i},")).collect();
    let frame = frame(&format!("{header}y\n{}0\n", ",".repeat(30)));
    let warnings = Schema::infer(&frame, "y", &[], &BTreeMap::new()).unwrap().warnings();
    assert_eq!(warnings.len(), 6);
    let start = "25 more columns are dropped: `x5`, `x6`, ";
    assert!(warnings[5].starts_with(start) && warnings[5].ends_with("`x24`, ..."), "{warnings:?}");
}
