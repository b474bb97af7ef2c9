//! How deep in a model each tensor lies.

use super::Parameter;

/// How many layers each tensor lies below the model's outputs, 0 for those of the last.
///
/// A layer is what stands at one place of a path: `stem`, `blocks.0`, `head`; places come in the
/// order of the model's fields. The norm of a layer lies as deep as the layer, and all embeddings
/// are one layer, for they stand side by side.
pub fn depths(list: &[Parameter]) -> Vec<usize> {
    let mut layers: Vec<String> = Vec::new();
    let of = |parameter: &Parameter| layer_of(&parameter.path);
    for parameter in list {
        let layer = of(parameter);
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    let depth = |parameter: &Parameter| {
        let layer = of(parameter);
        let at = layers.iter().position(|other| *other == layer).unwrap_or(0);
        layers.len() - 1 - at
    };
    list.iter().map(depth).collect()
}

/// The first steps of a path: up to the first number, or to the first field below the kind of model.
fn layer_of(path: &str) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    if let Some(at) = steps.iter().position(|&step| step == "embeddings") {
        return steps[..=at].join(".");
    }
    let is_number = |at: usize| steps[at].parse::<usize>().is_ok();
    // The number behind `norm` counts what stands at the place of a norm.
    let counts_layers = |at: &usize| is_number(*at) && (*at == 0 || steps[at - 1] != "norm");
    let kind = steps.first().is_some_and(|s| s.starts_with(|c: char| c.is_uppercase()));
    let end = (0..steps.len()).find(counts_layers).unwrap_or(usize::from(kind));
    steps.iter().take(end + 1).copied().collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::*;

    #[test]
    fn depth_counts_layers_from_the_outputs() {
        let paths = [
            ("Mlp.blocks.0.linear.weight", 2),
            ("Mlp.blocks.0.norm.0.LayerNorm.gamma", 2),
            ("Mlp.blocks.1.linear.bias", 1),
            ("Mlp.head.weight", 0),
        ];
        let list = paths.map(|(path, _)| Parameter {
            path: path.to_owned(),
            shape: vec![1],
            role: Role::Weight,
        });
        assert_eq!(depths(&list), paths.map(|(_, depth)| depth));
    }
}
