use super::*;
use wellfit_core::card::{Door, Scale};
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;

fn card(id: &'static str, family: Family, example: &'static str, search: &'static [Range]) -> Card {
    Card {
        id,
        name: id,
        door: Door::Layer,
        family,
        one_line: "",
        formula: "",
        paper: "",
        when: "",
        watch_out: "",
        example,
        off: None,
        search,
    }
}

/// A few cards as they stand on the shelf.
pub(crate) fn cards() -> Vec<Card> {
    const RATES: &[Range] = &[
        Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear },
        Range { key: "input_rate", low: 0.0, high: 0.3, scale: Scale::Linear },
    ];
    const LAMBDA: &[Range] = &[Range { key: "lambda", low: 1e-3, high: 1e2, scale: Scale::Log }];
    const BOUND: &[Range] = &[Range { key: "max_norm", low: 0.3, high: 10.0, scale: Scale::Log }];
    const PATIENCE: &[Range] =
        &[Range { key: "patience", low: 5.0, high: 50.0, scale: Scale::Log }];
    vec![
        card("dropout", Family::ArchitectureBased, "{ rate = 0.5 }", RATES),
        card("l2", Family::WeightBased, "{ lambda = 0.1 }", LAMBDA),
        card("max_norm", Family::WeightBased, "{ max_norm = 3.0 }", BOUND),
        card("batch_norm", Family::ArchitectureBased, "{}", &[]),
        card("layer_norm", Family::ArchitectureBased, "{ epsilon = 1e-5 }", &[]),
        card("early_stopping", Family::TrainingControl, "{ patience = 10 }", PATIENCE),
    ]
}

fn cocktails() -> Cocktails {
    Cocktails::of(&cards()).unwrap()
}

fn example() -> Vec<OnTechnique> {
    let table = |text: &str| text.parse::<Table>().unwrap();
    vec![
        ("dropout".to_owned(), table("rate = 0.3\ninput_rate = 0.1")),
        ("layer_norm".to_owned(), table("epsilon = 1e-5")),
        ("early_stopping".to_owned(), table("patience = 7")),
    ]
}

#[test]
fn every_card_has_a_switch_and_its_strengths_hang_on_it() {
    let cocktails = cocktails();
    let dimensions = cocktails.space().dimensions();
    let names: Vec<&str> = dimensions.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names[..3], ["dropout", "dropout.rate", "dropout.input_rate"]);
    assert_eq!(dimensions[1].condition, Some((0, 1.0)));
    let patience = &dimensions[cocktails.space().index("early_stopping.patience").unwrap()];
    assert_eq!(patience.domain, Domain::Integer { low: 5, high: 50, scale: Scale::Log });
}

#[test]
fn techniques_become_a_configuration_and_come_back() {
    let cocktails = cocktails();
    let configuration = cocktails.configuration(&example()).unwrap();
    assert!(cocktails.space().holds(&configuration));
    assert_eq!(cocktails.techniques(&configuration), example());
}

#[test]
fn the_recipe_reads_what_a_configuration_writes() {
    let cocktails = cocktails();
    let text = cocktails.to_toml(&cocktails.configuration(&example()).unwrap());
    let recipe = Recipe::parse("test", &text).unwrap();
    let entries = recipe.techniques().unwrap();
    let read: Vec<OnTechnique> = entries
        .iter()
        .map(|entry| (entry.id.clone(), recipe.read::<Table>(entry).unwrap()))
        .collect();
    assert_eq!(read, example());
}

#[test]
fn keys_beside_the_techniques_become_assignments() {
    let mut cocktails = cocktails();
    let rate = Domain::Float { low: 1e-4, high: 0.1, scale: Scale::Log };
    cocktails.add_key("train.learning_rate", rate).unwrap();
    let word = |word: &str| Choice::Word(word.to_owned());
    let words = Domain::Category(vec![word("relu"), word("selu")]);
    cocktails.add_key("model.mlp.activation", words).unwrap();
    let configuration = cocktails.configuration(&[]).unwrap();
    let mut recipe = Recipe::parse("test", "").unwrap();
    for assignment in cocktails.assignments(&configuration) {
        recipe.set(&assignment).unwrap();
    }
    let expected = "[model.mlp]\nactivation = \"relu\"\n\n[train]\nlearning_rate = 0.0001\n";
    assert_eq!(recipe.canonical().unwrap(), expected);
}

#[test]
fn what_is_not_searched_is_refused() {
    let cocktails = cocktails();
    let mut stranger = example();
    stranger[0].0 = "mixup".to_owned();
    assert!(cocktails.configuration(&stranger).is_err());
    let mut silent = example();
    silent[0].1.remove("rate");
    let message = cocktails.configuration(&silent).unwrap_err().to_string();
    assert_eq!(message, "dropout: expected a number for `rate`, found None");
}

#[test]
fn a_value_outside_its_range_moves_into_it() {
    let cocktails = cocktails();
    let mut strong = example();
    strong[0].1.insert("rate".to_owned(), Value::Float(0.9));
    let configuration = cocktails.configuration(&strong).unwrap();
    assert_eq!(configuration.get(1), Some(0.7));
}

#[test]
fn more_and_stronger_weighs_more_and_control_nothing() {
    let cocktails = cocktails();
    let heaviness = |text: &str| {
        let techniques: Table = text.parse().unwrap();
        let techniques: Vec<OnTechnique> = techniques
            .into_iter()
            .map(|(id, values)| (id, values.as_table().unwrap().clone()))
            .collect();
        cocktails.heaviness(&cocktails.configuration(&techniques).unwrap())
    };
    assert_eq!(heaviness(""), 0.0);
    assert_eq!(heaviness("early_stopping = { patience = 5 }"), 0.0);
    assert_eq!(heaviness("l2 = { lambda = 100.0 }"), 1.0);
    assert_eq!(heaviness("max_norm = { max_norm = 10.0 }"), 0.5);
    assert_eq!(heaviness("max_norm = { max_norm = 0.3 }\nbatch_norm = {}"), 1.5);
}

#[test]
fn no_more_than_may_be_are_on() {
    let cocktails = cocktails();
    let all = cocktails.space().decide(|_, dimension| dimension.domain.nearest(1.0));
    let bounded = |most, trial| {
        let mut draw = Seed::new(1).stream("test").step(trial);
        cocktails.at_most(most, &all, &mut draw)
    };
    for trial in 0..20 {
        assert!(cocktails.space().holds(&bounded(2, trial)));
        assert_eq!(cocktails.techniques(&bounded(2, trial)).len(), 2);
    }
    let kept = |id| (0..50).any(|trial| cocktails.is_on(&bounded(1, trial), id));
    assert!(cocktails.ids().all(kept));
    assert_eq!(bounded(6, 0), all);
}
