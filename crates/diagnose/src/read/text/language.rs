//! Words of logs in Chinese, in English.

/// Longer words stand before those that they begin with.
const WORDS: &[(&str, &str)] = &[
    ("训练集", "train"),
    ("训练", "train"),
    ("验证集", "val"),
    ("验证", "val"),
    ("测试集", "test"),
    ("测试", "test"),
    ("平均", "mean"),
    ("损失", "loss"),
    ("准确率", "accuracy"),
    ("精确率", "precision"),
    ("召回率", "recall"),
    ("学习率", "lr"),
    ("轮次", "epoch"),
    ("轮", ""),
    ("第", "epoch"),
    ("最佳", "best"),
    ("最好", "best"),
    ("，", ","),
    ("：", ":"),
];

/// The line in English words.
pub(super) fn english(line: String) -> String {
    if line.is_ascii() {
        return line;
    }
    WORDS.iter().fold(line, |line, (word, same)| match line.contains(word) {
        true => line.replace(word, &format!(" {same} ")),
        false => line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_english() {
        let words = english("第3轮 训练损失: 0.5，验证准确率: 0.7".to_owned());
        let words: Vec<&str> = words.split_whitespace().collect();
        assert_eq!(words.join(" "), "epoch 3 train loss : 0.5 , val accuracy : 0.7");
        assert_eq!(english("Epoch 3 ██".to_owned()), "Epoch 3 ██");
    }
}
