use super::*;

fn refused(text: &str) -> String {
    toml::from_str::<DataConfig>(text).unwrap_err().message().to_owned()
}

#[test]
fn what_is_left_out_has_its_default() {
    let config: DataConfig = toml::from_str("digits = {}").unwrap();
    assert_eq!((&config.source, config.split), (&Source::Digits, Split::default()));
    assert_eq!((config.label_noise.get(), config.scale), (0.0, None));
    assert_eq!(config.source.scaling(), Scaling::Unit);
}

#[test]
fn sources_of_pictures_survive_toml() {
    for text in [
        "mnist = {}",
        "fashion_mnist = {}",
        "images = { dir = \"${D}/x.tar\" }",
        "images = { dir = \"x\", size = [32, 24], channels = \"gray\" }\nscale = \"channel\"",
    ] {
        let config: DataConfig = toml::from_str(text).unwrap();
        let again: DataConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!((again, config.source.scaling()), (config, Scaling::Unit), "{text}");
    }
    assert!(refused("images = { dir = \"x\", channels = \"grey\" }").contains("`gray`"));
    assert!(refused("images = { dir = \"x\", size = [32] }").contains("length 2"));
}

#[test]
fn every_key_survives_toml() {
    let text = "csv = { path = \"${D}/a.csv\", target = \"y\", task = \"regression\" }\n\
                validation = 50\ntest = 0.25\norder = \"as_given\"\nfirst = 9\n\
                label_noise = 0.5\nscale = \"none\"";
    let config: DataConfig = toml::from_str(text).unwrap();
    assert_eq!(config.split.test, Some(Share::of(0.25).unwrap()));
    assert_eq!((config.split.order, config.split.first), (Order::AsGiven, Some(9)));
    assert_eq!((config.label_noise.get(), config.scale), (0.5, Some(Scaling::None)));
    let again: DataConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
    assert_eq!(again, config);
    let all = "table = { path = \"a\", target = \"y\", columns = { zip = \"category\" }, \
               categories = \"embedding\", validation_file = \"b\", test_file = \"c\", \
               group = \"g\" }";
    let same = ["csv", "parquet"].map(|word| text.replacen("csv", word, 1));
    assert!(same.iter().all(|text| toml::from_str::<DataConfig>(text).unwrap() == config));
    for text in ["digits = {}", "idx = { dir = \"x\" }", all] {
        let config: DataConfig = toml::from_str(text).unwrap();
        let again: DataConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!(again, config);
    }
}

#[test]
fn exactly_one_source_is_asked_for() {
    let one = "expected exactly one of `digits`, `mnist`, `fashion_mnist`, `idx`, `images`, \
               `table`, `csv` and `parquet`, found ";
    assert_eq!(refused("validation = 0.1"), format!("{one}none"));
    let two = "digits = {}\nidx = { dir = \"x\" }";
    assert_eq!(refused(two), format!("{one}`digits` and `idx`"));
    let two = "digits = {}\ncsv = { path = \"x\", target = \"y\" }";
    assert_eq!(refused(two), format!("{one}`digits` and `csv`"));
}

#[test]
fn keys_that_say_two_things_about_the_same_rows_are_refused() {
    let table = |keys: &str| format!("table = {{ path = \"x\", target = \"y\", {keys} }}");
    let own = table("validation_file = \"v.csv\"") + "\nvalidation = 0.1";
    let text = "`validation_file` and `validation` do not go together: leave `validation` out";
    assert_eq!(refused(&own), text);
    let both = table("group = \"g\", time = \"t\"");
    assert!(refused(&both).starts_with("`group` and `time` do not go together"));
    let given = table("time = \"t\"") + "\norder = \"as_given\"";
    assert!(refused(&given).ends_with("do not go together: leave `order` out"));
}

#[test]
fn unknown_keys_and_bad_values_are_refused_where_they_stand() {
    assert!(refused("digits = {}\nvalid = 0.1").starts_with("unknown field `valid`, expected"));
    assert!(refused("digits = { size = 3 }").starts_with("unknown field `size`"));
    assert!(refused("csv = { path = \"x\" }").starts_with("missing field `target`"));
    let error = toml::from_str::<DataConfig>("digits = {}\nlabel_noise = 1.5").unwrap_err();
    assert_eq!(error.message(), "expected a fraction in [0, 1], found 1.5");
    assert_eq!(error.span(), Some(26..29));
}
