//! Lines as they are found in the wild.

use super::tables;
use crate::read::runs::runs;

/// The runs in a text: `part.metric: x=value ...`.
fn found(text: &str) -> Vec<Vec<String>> {
    let drafts = tables(text).iter().flat_map(runs).collect::<Vec<_>>();
    let show = |series: &wellfit_core::run::Series| {
        let points: Vec<String> = series.points.iter().map(|(x, y)| format!("{x}={y}")).collect();
        format!("{}: {}", series.name(), points.join(" "))
    };
    let sorted = |run: &wellfit_core::run::Run| {
        let mut lines: Vec<String> = run.series.iter().map(show).collect();
        lines.sort();
        lines
    };
    drafts.iter().map(|draft| sorted(&draft.run)).collect()
}

/// All of these say the same.
#[test]
fn one_run_in_many_words() {
    let expected = ["train.loss: 1=0.5 2=0.25", "validation.loss: 1=0.75 2=0.875"];
    for text in [
        "Epoch [1/2], Train Loss: 0.5000, Val Loss: 0.75\nEpoch [2/2], Train Loss: 0.25, Val Loss: 0.875\n",
        "Epoch 1/2\n 10/10 - 0s - loss: 0.5 - val_loss: 0.75\nEpoch 2/2\n 10/10 - 0s - loss: 0.25 - val_loss: 0.875\n",
        "epoch=1 train_loss=0.5 val_loss=0.75\nepoch=2 train_loss=0.25 val_loss=0.875",
        "Epoch: 01 | Epoch Time: 0m 5s\n\tTrain Loss: 0.5\n\t Val. Loss: 0.75\nEpoch: 02 | Epoch Time: 0m 5s\n\tTrain Loss: 0.25\n\t Val. Loss: 0.875",
        "2024-01-02 10:11:12,345 INFO [train.py:77] epoch 1 | train | loss 0.5\n2024-01-02 INFO epoch 1 | valid on 'valid' subset | loss 0.75\nepoch 2 | train | loss 0.25\nepoch 2 | valid | loss 0.875",
        "Epoch 1\ntrain Loss: 0.5\nval Loss: 0.75\nEpoch 2\ntrain Loss: 0.25\nval Loss: 0.875\nBest val Loss: 0.1",
        "| Epoch | Training Loss | Validation Loss |\n|:---:|:---:|:---:|\n| 1 | 0.5 | 0.75 |\n| 2 | 0.25 | 0.875 |",
        "epoch     train_loss  valid_loss  time    \n1         0.500000    0.750000    00:01     \n2         0.250000    0.875000    00:01     ",
        "[Epoch 1] training loss = 0.5; validation loss = 0.75 (best 0.1)\n[Epoch 2] training loss = 0.25; validation loss = 0.875",
        "{'loss': 0.5, 'epoch': 1}\n{'eval_loss': 0.75, 'epoch': 1}\n{'loss': '0.25', 'epoch': '2'}\n{'eval_loss': 0.875, 'epoch': 2}\n{'train_runtime': 3.1, 'train_loss': 0.3, 'epoch': 2}",
        "Epoch 1: 100%|####| 5/5 [00:01<00:00, 4.1it/s, v_num=0, train_loss=0.5, val_loss=0.75]\rEpoch 2:  20%|# | 1/5 [00:00, 4.1it/s, train_loss=0.3, val_loss=0.75]\rEpoch 2: 100%|####| 5/5 [00:01<00:00, 4.1it/s, train_loss=0.25, val_loss=0.875]",
        "Epoch 1 -- Training\nloss: 0.5\nValidation:\nloss: 0.75\nEpoch 2 -- Training\nloss: 0.25\nValidation:\nloss: 0.875",
        "Epoch 00001: val_loss improved from inf to 0.3, saving model\nTrain Loss: 0.5 Val Loss: 0.75\nepoch 2: train loss 0.25, val loss 0.875",
        "Train loss: 0.5\nVal loss: 0.75\nTrain loss: 0.25\nVal loss: 0.875",
        "step 1: train loss 0.5, val loss 0.75\niter 1: loss 0.9, time 50.1ms, mfu 3.1%\nstep 2: train loss 0.25, val loss 0.875",
        "[1]\ttrain-loss:0.5\teval-loss:0.75\n[2]\ttrain-loss:0.25\teval-loss:0.875",
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn batches_become_epochs() {
    let text = "Train Epoch: 1 [0/60 (0%)]\tLoss: 1.0\nTrain Epoch: 1 [30/60 (50%)]\tLoss: 0.5\n\n\
        Test set: Average loss: 0.75, Accuracy: 9/12 (75%)\n\nTrain Epoch: 2 [0/60 (0%)]\tLoss: 0.25\n\n\
        Test set: Average loss: 0.5, Accuracy: 6/12 (50%)\n";
    assert_eq!(
        found(text),
        [[
            "train.loss: 1=0.75 2=0.25",
            "validation.accuracy: 1=0.75 2=0.5",
            "validation.loss: 1=0.75 2=0.5"
        ]]
    );
    let text = "Epoch: [0][0/2]\tTime 0.1 (0.1)\tLoss 4.0 (4.0)\tAcc@1 0.0 (0.0)\n\
        Epoch: [0][1/2]\tTime 0.1 (0.1)\tLoss 2.0 (3.0)\tAcc@1 50.0 (25.0)\nTest: [0/1]\tLoss 2.5 (2.5)\n * Acc@1 60.0\n\
        Epoch: [1][0/2]\tLoss 1.0 (1.0)\tAcc@1 50.0 (50.0)\nTest: [0/1]\tLoss 2.0 (2.0)\n";
    assert_eq!(found(text)[0][1..2], ["train.loss: 0=3 1=1"]);
    assert!(found(text)[0].contains(&"validation.loss: 0=2.5 1=2".to_owned()));
}

#[test]
fn appended_runs_and_folds_are_told_apart() {
    let one = "Epoch 1 loss: 0.5 val_loss: 0.75\nEpoch 2 loss: 0.25 val_loss: 0.875\n";
    assert_eq!(found(&format!("Fold 1\n{one}Fold 2\n{one}")).len(), 2);
}

#[test]
fn a_text_without_metrics_gives_nothing() {
    assert!(found("# A program\n\nIt has 3 parts and version 1.2.\nbatch_size = 32\n").is_empty());
}
