//! How deep in a model each tensor lies.

use super::Parameter;

/// How many layers each tensor lies below the model's outputs, 0 for those of the last.
///
/// A layer is what stands at one place of a path: `stem`, `blocks.0`, `head`; places come in the
/// order of the model's fields.
pub fn depths(list: &[Parameter]) -> Vec<usize> {
    let mut layers: Vec<String> = Vec::new();
    let of = |path: &str| {
        let steps: Vec<&str> = path.split('.').collect();
        // Up to the first number, or the first field below the kind of model.
        let number = steps.iter().position(|step| step.parse::<usize>().is_ok());
        let kind = steps.first().is_some_and(|s| s.starts_with(|c: char| c.is_uppercase()));
        let end = number.map_or(1 + usize::from(kind), |at| at + 1);
        steps.iter().take(end).copied().collect::<Vec<_>>().join(".")
    };
    for parameter in list {
        let layer = of(&parameter.path);
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    let depth = |parameter: &Parameter| {
        let layer = of(&parameter.path);
        let at = layers.iter().position(|other| *other == layer).unwrap_or(0);
        layers.len() - 1 - at
    };
    list.iter().map(depth).collect()
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
