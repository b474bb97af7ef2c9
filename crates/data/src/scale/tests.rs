use super::*;

#[test]
fn standard_uses_the_population_std_and_leaves_constants() {
    let train = [1.0, 0.1, 3.0, 0.1, 8.0, 0.1];
    let scaler = Scaler::fit(Scaling::Standard, &train, 2).unwrap();
    let mut new = [4.0, 0.1, 4.0 + 26_f32.sqrt() / 3_f32.sqrt(), 1.1];
    scaler.apply(&mut new).unwrap();
    assert_eq!((new[0], new[1]), (0.0, 0.0));
    assert!((new[2] - 1.0).abs() < 1e-6 && (new[3] - 1.0).abs() < 1e-6, "{new:?}");
}

#[test]
fn a_large_offset_costs_no_digits() {
    let scaler = Scaler::fit(Scaling::Standard, &[1e7, 1e7 + 2.0], 1).unwrap();
    let Scaler::Standard { mean, std } = scaler else { panic!("{scaler:?}") };
    assert_eq!((mean[0].get(), std[0].get()), (10_000_001.0, 1.0));
}

#[test]
fn unit_divides_by_the_largest_absolute_value() {
    let mut data = [1.0, -4.0, 2.0];
    Scaler::fit(Scaling::Unit, &data, 3).unwrap().apply(&mut data).unwrap();
    assert_eq!(data, [0.25, -1.0, 0.5]);
    let blank = Scaler::fit(Scaling::Unit, &[0.0; 4], 2).unwrap();
    assert_eq!(blank, Scaler::Unit { maximum: Positive::new(1.0).unwrap() });
}

#[test]
fn a_channel_has_one_mean_and_one_std() {
    // Two images of 1 x 2 pixels: channel one is 1 3 5 7, channel two is 9 9 9 9.
    let mut inputs = [1.0, 3.0, 9.0, 9.0, 5.0, 7.0, 9.0, 9.0];
    let scaler = Scaler::fit_channels(&inputs, [2, 1, 2]).unwrap();
    scaler.apply(&mut inputs).unwrap();
    let a = 5_f32.sqrt();
    let expected = [-3.0 / a, -1.0 / a, 0.0, 0.0, 1.0 / a, 3.0 / a, 0.0, 0.0];
    inputs.iter().zip(expected).for_each(|(x, e)| assert!((x - e).abs() < 1e-6, "{inputs:?}"));
    let text = toml::to_string(&scaler).unwrap();
    assert_eq!(toml::from_str::<Scaler>(&text).unwrap(), scaler, "{text}");
    assert!(scaler.apply(&mut [0.0; 6]).is_err());
    assert!(Scaler::fit_channels(&[0.0; 6], [2, 1, 2]).is_err());
    assert!(Scaler::fit_channels(&[], [2, 1, 2]).is_err());
}

#[test]
fn a_scaler_survives_toml_and_bad_numbers_do_not() {
    for scaling in [Scaling::None, Scaling::Unit, Scaling::Standard] {
        let scaler = Scaler::fit(scaling, &[0.1, 0.7, 0.3, 1e-3], 2).unwrap();
        let text = toml::to_string(&scaler).unwrap();
        assert_eq!(toml::from_str::<Scaler>(&text).unwrap(), scaler, "{text}");
    }
    let zero = toml::from_str::<Scaler>("kind = \"unit\"\nmaximum = 0.0").unwrap_err();
    assert!(zero.message().contains("expected a finite number above 0, found 0"), "{zero}");
}

#[test]
fn lengths_and_nan_are_refused() {
    let text = |error: Error| error.to_string();
    let ragged = text(Scaler::fit(Scaling::Standard, &[0.0; 5], 2).unwrap_err());
    assert_eq!(ragged, "inputs to scale, in whole examples of 2 numbers: expected 6, found 5");
    let empty = text(Scaler::fit(Scaling::Unit, &[], 2).unwrap_err());
    assert_eq!(empty, "inputs to fit a scale to: expected 2, found 0");
    assert!(Scaler::fit(Scaling::Unit, &[1.0], 0).is_err());
    for scaling in [Scaling::Unit, Scaling::Standard] {
        let found = text(Scaler::fit(scaling, &[f32::NAN, 1.0], 1).unwrap_err());
        assert!(found.ends_with("found NaN"), "{found}");
    }
    let scaler = Scaler::fit(Scaling::Standard, &[0.0; 4], 2).unwrap();
    assert!(scaler.apply(&mut [0.0; 3]).is_err());
    let uneven = "kind = \"standard\"\nmean = [0.0, 1.0]\nstd = [1.0]";
    let uneven: Scaler = toml::from_str(uneven).unwrap();
    let found = text(uneven.apply(&mut [0.0; 2]).unwrap_err());
    assert_eq!(found, "scaler: std for every mean: expected 2, found 1");
}
