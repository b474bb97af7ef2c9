//! All laws on the processor, and that each of them speaks.

use crate::run::bench;
use wellfit_nn::law::{Proof, laws, prove_all};
use wellfit_nn::technique::shelf;

fn told(proof: &Proof) -> String {
    let outcome = match &proof.outcome {
        Ok(measured) => format!("{:e}, at most {:e}", measured.value, measured.bound),
        Err(error) => error.to_string(),
    };
    format!("{}, {}: {outcome}", proof.technique, proof.law.id)
}

#[test]
fn every_law_holds_of_every_technique_that_it_speaks_of() {
    let proofs = prove_all(&bench());
    let broken: Vec<String> = proofs.iter().filter(|proof| !proof.holds()).map(told).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    for law in laws() {
        let of: Vec<&str> =
            proofs.iter().filter(|p| p.law.id == law.id).map(|p| p.technique).collect();
        assert!(!of.is_empty(), "{} speaks of nobody", law.id);
        for id in law.about {
            assert!(of.contains(id), "{} is silent about {id}", law.id);
        }
    }
    assert!(proofs.len() > 250, "only {} proofs", proofs.len());
}

#[test]
fn laws_have_names_of_their_own_and_speak_of_techniques_that_exist() {
    let mut names: Vec<&str> = Vec::new();
    for law in laws() {
        assert!(!names.contains(&law.id), "{} stands twice", law.id);
        names.push(law.id);
        assert!(!law.says.ends_with('.'), "{}", law.id);
        for id in law.about {
            assert!(shelf().any(|shelved| shelved.card.id == *id), "{}: no {id}", law.id);
        }
    }
}
