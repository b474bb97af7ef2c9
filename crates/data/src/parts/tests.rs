use super::*;
use std::io::Write;

fn written(folder: &Path, name: &str, text: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::File::create(&path).unwrap().write_all(text).unwrap();
    path
}

#[test]
fn parts_below_each_other_are_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let one = written(folder.path(), "one.csv", b"a;b\n1;x\n2;y\n;z\n");
    let packed = crate::file::tests::gzip(b"b,a\nx,4\nw,5\n");
    let two = written(folder.path(), "two.csv.gz", &packed);
    let paths = [one.clone(), two];
    let parts: Vec<Frame> = Parts::new(&paths, &["b"], 2).map(Result::unwrap).collect();
    assert_eq!(parts.iter().map(Frame::rows).collect::<Vec<_>>(), [2, 1, 2]);
    let whole = Frame::read_all(&paths, &["b"]).unwrap();
    for (place, name) in ["a", "b"].iter().enumerate() {
        let below: Vec<&Column> = parts.iter().map(|part| &part.columns[place]).collect();
        assert_eq!(below[0].name, *name, "the order of the first file");
        assert_eq!(joined(&below), whole.columns[place].cells);
    }
    assert_eq!(
        whole.columns[0].cells,
        Cells::Numbers([1., 2., f64::NAN, 4., 5.].map(|x| (!x.is_nan()).then_some(x)).to_vec())
    );
    assert_eq!(
        Frame::read_all(std::slice::from_ref(&one), &[]).unwrap(),
        Frame::read(&one, &[]).unwrap()
    );
}

#[test]
fn other_columns_and_ragged_lines_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let one = written(folder.path(), "one.csv", b"a,b\n1,2\n");
    let less = written(folder.path(), "less.csv", b"a,c\n1,2\n");
    let more = written(folder.path(), "more.csv", b"a,b,c\n1,2,3\n");
    let ragged = written(folder.path(), "ragged.csv", b"a,b\n1,2\n3\n");
    let last = |second: &Path| {
        let parts = Parts::new(&[one.clone(), second.to_owned()], &[], 10);
        parts.last().unwrap().unwrap_err().to_string()
    };
    assert!(last(&less).contains("no column is named `b`"), "{}", last(&less));
    assert!(last(&more).contains("`c` besides"), "{}", last(&more));
    assert!(last(&ragged).contains("line 3"), "{}", last(&ragged));
    assert!(last(Path::new("none.csv")).contains("none.csv"));
}
