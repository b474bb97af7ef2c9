"""Lines of more tools: BigDL, Stanza, torchtext, BERT's tutorial, wav2letter, DeepSpeech, ML.NET, DeePMD."""

from .wild_documents import table

TOOL_LINES = {
    "dictionaries": ("tvab", 1, "e", "epoch {e} train: {{'loss': {t}, 'acc': {a}}} val: {{'loss': {v}, 'acc': {b}}}\n"),
    "bigdl": ("tvb", 1, "e", "2017-03-28 10:00:00 INFO  DistriOptimizer$:330 - [Epoch {e} 12000/12000][Iteration {s}][Wall Clock 72.891726153s] Train 4000 in 1.236008372seconds. Throughput is 414236.66 records/second. Loss is {t}.\n2017-03-28 10:04:00 INFO  DistriOptimizer$:520 - Loss is (Loss: 134.79276, count: 128, Average Loss: {v})\n2017-03-28 10:04:00 INFO  DistriOptimizer$:520 - Top1Accuracy is Accuracy(correct: 6800, count: 10000, accuracy: {b})\n"),
    "stanza": ("t validation.score=b", 1, "s", "2021-05-01 12:00:01 INFO: Finished STEP {s}/50000, loss = {t:.6f} (0.141 sec/batch), lr: 0.003000\n2021-05-01 12:00:03 INFO: Evaluating on dev set...\n2021-05-01 12:00:09 INFO: step {s}: train_loss = {t:.6f}, dev_score = {b:.4f}\n"),
    "torchtext": ("tv", 1, "e", "| epoch {e:3d} |   200/ 2928 batches | lr 4.51 | ms/batch 10.83 | loss {t:5.2f} | ppl     1.50\n-----------------------------------------\n| end of epoch {e:3d} | time: 25.18s | valid loss {v:5.2f} | valid ppl     1.80\n-----------------------------------------\n"),
    "bert_tutorial": ("tvb", 1, "e", "\n======== Epoch {e} / {n} ========\nTraining...\n  Batch    40  of    241.    Elapsed: 0:00:08.\n  Batch    80  of    241.    Elapsed: 0:00:16.\n\n  Average training loss: {t:.2f}\n  Training epcoh took: 0:00:50\n\nRunning Validation...\n  Accuracy: {b:.2f}\n  Validation Loss: {v:.2f}\n  Validation took: 0:00:02\n"),
    "wav2letter": ("tv", 1, "e", "epoch: {e:8d} | nupdates: {s:12d} | lr: 0.100000 | lrcriterion: 0.000000 | runtime: 00:10:00 | bch(ms): 600.12 | smp(ms): 1.2 | train-loss: {t:10.5f} | train-TER: 20.10 | dev-clean-loss: {v:10.5f} | dev-clean-TER: 30.20 | avg-isz: 1228 | hrs: 960.1\n"),
    "deepspeech": ("tv", 0, "e", "Epoch {e} |   Training | Elapsed Time: 0:00:10 | Steps: 100 | Loss: {t:.6f}\nEpoch {e} | Validation | Elapsed Time: 0:00:02 | Steps: 20 | Loss: {v:.6f} | Dataset: dev.csv\n"),
    "ml_net": ("train.cross_entropy=t validation.cross_entropy=v ab", 0, "e", "Phase: Training, Dataset used:      Train, Batch Processed Count:  30, Learning Rate:       0.01 Epoch: {e:3d}, Accuracy: {a:.7f}, Cross-Entropy: {t:.7f}\nPhase: Training, Dataset used: Validation, Batch Processed Count:   8, Epoch: {e:3d}, Accuracy: {b:.7f}, Cross-Entropy: {v:.7f}\n"),
}

TOOL_DOCUMENTS = {
    "deepmd.txt": ("text", "train.rmse=t validation.rmse=v", "s", "# If there is no available reference data, rmse_*_{val,trn} will print nan\n" + table(
        "#  step      rmse_val    rmse_trn    rmse_e_val  rmse_e_trn         lr", "    {s}      {v:.2e}    {t:.2e}      9.50e-02    9.00e-02    1.0e-03",
        "# If there is no available reference data, the columns say so\n")),
    "spacy_2.txt": ("text", "train.ner_loss=t validation.f1=B", "e", table(
        "Itn  NER Loss   NER P   NER R   NER F   Token %  CPU WPS", "{e:3d}      {t:.3f}  69.000  67.000  {B:.3f}  100.000    12345",
        "---  ---------  ------  ------  ------  -------  -------\n")),
}
