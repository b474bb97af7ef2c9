use super::picture::tests::png;
use super::*;
use std::fs;

fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

fn tarred(files: &[(&str, Vec<u8>)]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut tar = tar::Builder::new(file.reopen().unwrap());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    tar.finish().unwrap();
    file
}

/// A grey picture of `height` x `width` in which every pixel is `value`.
fn grey(value: u8, height: u32, width: u32) -> Vec<u8> {
    png(png::ColorType::Grayscale, height, width, &vec![value; (height * width) as usize])
}

fn plain() -> ImageFolder {
    ImageFolder { dir: String::new(), size: None, channels: None }
}

fn refused(files: &[(&str, Vec<u8>)], config: &ImageFolder) -> String {
    let dir = folder(files);
    let text = read(dir.path(), config).unwrap_err().to_string();
    text.replace(&dir.path().display().to_string(), "DIR")
}

fn labels(data: &Dataset) -> (Vec<u32>, String) {
    let Target::Classes { labels, names } = &data.target else { panic!("no classes") };
    (labels.clone(), names.join(" "))
}

#[test]
fn folders_are_classes_and_order_is_by_path() {
    let files = [
        ("dog/b.png", grey(3, 1, 2)),
        ("dog/a.PNG", grey(2, 1, 2)),
        ("cat/more/deep.png", grey(1, 1, 2)),
        ("cat/notes.txt", b"no picture".to_vec()),
        ("cat/.hidden.png", b"no picture".to_vec()),
        (".git/x.png", b"no picture".to_vec()),
    ];
    let read = read(folder(&files).path(), &plain()).unwrap();
    assert_eq!((&read.validation, &read.test), (&None, &None));
    assert_eq!(read.train.shape, [1, 1, 2]);
    assert_eq!(read.train.inputs, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
    assert_eq!(labels(&read.train), (vec![0, 1, 1], "cat dog".to_owned()));
}

#[test]
fn classes_that_are_numbers_rise() {
    let files = [("10/a.png", grey(10, 1, 1)), ("9/a.png", grey(9, 1, 1))];
    let train = read(folder(&files).path(), &plain()).unwrap().train;
    assert_eq!((labels(&train).1, train.inputs), ("9 10".to_owned(), vec![9.0, 10.0]));
}

#[test]
fn a_tar_file_reads_like_its_folder_with_and_without_a_wrapper() {
    let names = ["train/b/1.png", "test/b/1.png", "train/a/1.png", "val/a/1.png"];
    let files: Vec<_> = (1..).zip(names).map(|(i, name)| (name, grey(i, 2, 2))).collect();
    let expected = read(folder(&files).path(), &plain()).unwrap();
    assert_eq!(labels(expected.test.as_ref().unwrap()), (vec![1], "a b".to_owned()));
    assert_eq!(expected.validation.as_ref().unwrap().inputs, [4.0; 4]);
    assert_eq!(labels(&expected.train).0, [0, 1]);
    assert_eq!(read(tarred(&files).path(), &plain()).unwrap(), expected);
    let wrapped: Vec<_> = names.map(|name| format!("./sample/{name}")).into();
    let wrapped: Vec<_> = wrapped.iter().map(String::as_str).zip(files).collect();
    let wrapped: Vec<_> = wrapped.into_iter().map(|(name, (_, bytes))| (name, bytes)).collect();
    assert_eq!(read(tarred(&wrapped).path(), &plain()).unwrap(), expected);
}

#[test]
fn sizes_and_colours_are_brought_together_when_asked() {
    let colour = png(png::ColorType::Rgb, 1, 1, &[255, 0, 100]);
    let files = [("a/1.png", grey(7, 2, 4)), ("b/1.png", colour)];
    let rgb = ImageFolder { size: Some([2, 1]), channels: Some(Channels::Rgb), ..plain() };
    let train = read(folder(&files).path(), &rgb).unwrap().train;
    assert_eq!(train.shape, [3, 2, 1]);
    assert!(train.row(0).iter().all(|x| (x - 7.0).abs() < 1e-5));
    assert_eq!(train.row(1), [255.0, 255.0, 0.0, 0.0, 100.0, 100.0], "channel after channel");
    let gray = ImageFolder { channels: Some(Channels::Gray), ..rgb };
    let train = read(folder(&files).path(), &gray).unwrap().train;
    let luma = (0.299_f64 * 255.0 + 0.114 * 100.0) as f32;
    assert_eq!((train.shape.as_slice(), train.row(1)), (&[1, 2, 1][..], &[luma, luma][..]));
}

#[test]
fn an_odd_picture_is_named() {
    let colour = png(png::ColorType::Rgb, 2, 2, &[5; 12]);
    let files = [("a/1.png", grey(7, 2, 2)), ("b/1.png", colour), ("b/2.png", grey(1, 3, 2))];
    let found = refused(&files, &plain());
    let expected = "DIR/b/1.png: expected a grey picture as DIR/a/1.png; set `channels` to \"rgb\" \
                    or \"gray\", found one in colour";
    assert_eq!(found, expected);
    let rgb = ImageFolder { channels: Some(Channels::Rgb), ..plain() };
    let expected = "DIR/b/2.png: expected 2 x 2 pixels (height x width) as in DIR/a/1.png; \
                    `size = [2, 2]` brings all pictures to it, found 3 x 2";
    assert_eq!(refused(&files, &rgb), expected);
}

#[test]
fn a_damaged_picture_is_named() {
    let good = || ("a/1.png", grey(7, 20, 20));
    let says = |name, bytes| refused(&[good(), (name, bytes)], &plain());
    let start = "DIR/b/1.png: expected a PNG or JPEG picture, found ";
    assert_eq!(says("b/1.png", vec![]), format!("{start}an empty file"));
    let text = says("b/1.png", b"GIF89a".to_vec());
    assert_eq!(text, format!("{start}a file that begins with [47, 49, 46, 38]"));
    let whole = grey(7, 20, 20);
    let cut = says("b/1.png", whole[..whole.len() - 20].to_vec());
    assert!(cut.starts_with(&format!("{start}a cut or damaged PNG file (")), "{cut}");
    let mut flipped = whole;
    flipped[45] ^= 1;
    assert!(says("b/1.png", flipped).contains("damaged PNG"), "the checksum must be read");
}

#[test]
fn folders_without_classes_are_told() {
    let none = "DIR: expected a folder per class with pictures, .png, .jpg or .jpeg, found ";
    assert_eq!(refused(&[("notes.txt", vec![])], &plain()), format!("{none}no picture"));
    let empty = [("a/1.png", grey(1, 1, 1)), ("b/1.gif", vec![])];
    let expected =
        "DIR: expected pictures (.png, .jpg, .jpeg) in every class, found none in class `b`";
    assert_eq!(refused(&empty, &plain()), expected);
    let one = refused(&[("a/1.png", grey(1, 1, 1))], &plain());
    assert_eq!(one, "DIR: expected folders of at least two classes, found `a` alone");
    let loose = refused(&[("a/1.png", grey(1, 1, 1)), ("1.png", grey(1, 1, 1))], &plain());
    assert!(loose.starts_with("DIR/1.png: expected every picture in the folder of its class"));
    let train = || vec![("train/a/1.png", grey(1, 1, 1)), ("train/b/1.png", grey(1, 1, 1))];
    let with = |name| [train(), vec![(name, grey(1, 1, 1))]].concat();
    let unknown = "DIR/test/c/1.png: expected only classes that `train` has, found class `c`";
    assert_eq!(refused(&with("test/c/1.png"), &plain()), unknown);
    assert!(refused(&with("extra/a/1.png"), &plain()).ends_with("found `extra` beside `train`"));
    let missing = read(Path::new("no/such"), &plain()).unwrap_err().to_string();
    assert!(missing.starts_with("no/such: cannot be read: "), "{missing}");
    let zero = refused(&train(), &ImageFolder { size: Some([0, 4]), ..plain() });
    assert!(zero.contains("above 0"), "{zero}");
}

#[test]
fn a_file_that_is_no_tar_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), [7; 2000]).unwrap();
    let text = read(file.path(), &plain()).unwrap_err().to_string();
    assert!(text.contains("expected a folder or a whole tar file of pictures"), "{text}");
    let whole = tarred(&[("a/1.png", vec![1; 5000]), ("b/1.png", vec![2; 5000])]);
    let bytes = fs::read(whole.path()).unwrap();
    fs::write(file.path(), &bytes[..8000]).unwrap();
    assert!(read(file.path(), &plain()).is_err());
}
