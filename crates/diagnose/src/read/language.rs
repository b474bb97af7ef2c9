//! Words of logs in other languages, in English.

use std::borrow::Cow;

/// Words of languages that leave no space between words. Longer ones stand before those that they
/// begin with.
#[rustfmt::skip]
const PIECES: &[(&str, &str)] = &[
    // Chinese
    ("训练集", "train"), ("训练", "train"), ("验证集", "val"), ("验证", "val"), ("测试集", "test"),
    ("测试", "test"), ("平均", "mean"), ("损失", "loss"), ("准确率", "accuracy"), ("精确率", "precision"),
    ("召回率", "recall"), ("学习率", "lr"), ("轮次", "epoch"), ("轮", ""), ("第", "epoch"),
    ("最佳", "best"), ("最好", "best"), ("，", ","), ("：", ":"),
    // Japanese
    ("エポック", "epoch"), ("学習率", "lr"), ("訓練", "train"), ("学習", "train"), ("検証", "val"),
    ("テスト", "test"), ("損失", "loss"), ("誤差", "error"), ("正解率", "accuracy"), ("精度", "accuracy"),
    ("平均", "mean"),
    // Korean
    ("에포크", "epoch"), ("에폭", "epoch"), ("학습률", "lr"), ("훈련", "train"), ("학습", "train"),
    ("검증", "val"), ("테스트", "test"), ("손실", "loss"), ("정확도", "accuracy"),
];

/// Whole words, small.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    // German
    ("epoche", "epoch"), ("verlust", "loss"), ("trainingsverlust", "train loss"),
    ("validierungsverlust", "val loss"), ("testverlust", "test loss"), ("validierung", "val"),
    ("genauigkeit", "accuracy"), ("trainingsgenauigkeit", "train accuracy"),
    ("validierungsgenauigkeit", "val accuracy"), ("testgenauigkeit", "test accuracy"),
    ("lernrate", "lr"),
    // French
    ("époque", "epoch"), ("epoque", "epoch"), ("perte", "loss"), ("entraînement", "train"),
    ("entrainement", "train"), ("apprentissage", "train"), ("exactitude", "accuracy"),
    // Spanish, Portuguese, Italian
    ("época", "epoch"), ("epoca", "epoch"), ("pérdida", "loss"), ("perdida", "loss"),
    ("perda", "loss"), ("perdita", "loss"), ("entrenamiento", "train"), ("treino", "train"),
    ("treinamento", "train"), ("treinamiento", "train"), ("addestramento", "train"),
    ("validación", "val"), ("validacion", "val"), ("validação", "val"), ("validacao", "val"),
    ("validazione", "val"), ("prueba", "test"), ("teste", "test"), ("exactitud", "accuracy"),
    ("acurácia", "accuracy"), ("acuracia", "accuracy"), ("accuratezza", "accuracy"),
    // Russian
    ("эпоха", "epoch"), ("эпохи", "epoch"), ("потери", "loss"), ("потеря", "loss"),
    ("обучения", "train"), ("обучении", "train"), ("обучение", "train"), ("валидации", "val"),
    ("валидация", "val"), ("проверке", "val"), ("тесте", "test"), ("точность", "accuracy"),
    // Between them
    ("de", ""), ("del", ""), ("do", ""), ("da", ""), ("di", ""), ("d", ""), ("l", ""), ("la", ""),
    ("на", ""),
];

/// What the words above that are written in ASCII have in common, to pass by all other lines.
const STEMS: &[&str] = &[
    "poche",
    "poque",
    "poca",
    "erlust",
    "enauigkeit",
    "perte",
    "perd",
    "exactitud",
    "acuracia",
    "Perte",
    "Perd",
];

/// The line in English words.
pub(super) fn english(line: &str) -> Cow<'_, str> {
    let foreign = STEMS.iter().any(|stem| line.contains(stem));
    if line.is_ascii() && !foreign {
        return Cow::Borrowed(line);
    }
    let line =
        PIECES.iter().fold(Cow::Borrowed(line), |line, (word, same)| match line.contains(word) {
            true => Cow::Owned(line.replace(word, &format!(" {same} "))),
            false => line,
        });
    let small = line.to_lowercase();
    let is_foreign = |word: &str| word.len() > 3 && WORDS.iter().any(|(other, _)| *other == word);
    if small.split(|c: char| !c.is_alphabetic()).any(is_foreign) {
        Cow::Owned(by_words(&line))
    } else {
        line
    }
}

fn by_words(line: &str) -> String {
    let mut english = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let letters = |c: char| c.is_alphabetic() == first.is_alphabetic();
        let end = rest.find(|c| !letters(c)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let small = piece.to_lowercase();
        let same = WORDS.iter().find(|(other, _)| *other == small).map_or(piece, |(_, same)| same);
        english.push_str(same);
        rest = after;
    }
    english
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> String {
        english(line).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_become_english() {
        for (line, same) in [
            (
                "第3轮 训练损失: 0.5，验证准确率: 0.7",
                "epoch 3 train loss : 0.5 , val accuracy : 0.7",
            ),
            ("Trainingsverlust 0.5", "train loss 0.5"),
            ("perte d'entraînement : 0.5", "loss 'train : 0.5"),
            ("Época 3 - pérdida de validación: 0.5", "epoch 3 - loss val: 0.5"),
            ("Эпоха 3: потери на обучении 0.5", "epoch 3: loss train 0.5"),
            ("エポック 3: 訓練損失 0.5", "epoch 3: train loss 0.5"),
        ] {
            assert_eq!(of(line), same);
        }
    }

    #[test]
    fn english_lines_stay() {
        for line in ["Epoch 3 ██ loss de luxe", "epoch 3 loss 0.5", "d loss: 0.5 – ok", "la loss"]
        {
            assert_eq!(english(line), line);
        }
    }
}
