"""Tables and JSON that training programs write, in the shapes found in public repositories."""

import json

TRAIN = [0.9, 0.6, 0.4, 0.3, 0.2]
VALIDATION = [0.95, 0.7, 0.6, 0.65, 0.8]
TRAIN_ACCURACY = [0.7, 0.8, 0.88, 0.93, 0.97]
ACCURACY = [0.68, 0.75, 0.79, 0.78, 0.74]
EPOCHS = list(zip(range(1, 6), TRAIN, VALIDATION, TRAIN_ACCURACY, ACCURACY))


def table(names, row, rule=""):
    return names + "\n" + rule + "".join(row.format(e=e, s=100 * e, t=t, v=v, a=a, b=b, B=100 * b) + "\n"
                                         for e, t, v, a, b in EPOCHS)


def lines(*rows):
    """JSON lines: every function of an epoch gives one."""
    return "".join(json.dumps(row(*epoch)) + "\n" for epoch in EPOCHS for row in rows)




# File: (format, series, what x counts, content); see wild_lines.py for the series.
DOCUMENTS = {
    "timm_summary.csv": ("csv", "tvB", "e", table(
        "epoch,train_loss,eval_loss,eval_top1,eval_top5,lr", "{e},{t},{v},{B},99.0,0.05")),
    "flair_loss.tsv": ("csv", "tv validation.f1=b", "e", table(
        "EPOCH\tTIMESTAMP\tLEARNING_RATE\tTRAIN_LOSS\tDEV_LOSS\tDEV_F1", "{e}\t10:15:20\t0.1\t{t}\t{v}\t{b}")),
    "h2o.csv": ("csv", "train.logloss=t validation.logloss=v", "s", table(
        "timestamp,duration,number_of_trees,training_rmse,training_logloss,validation_rmse,validation_logloss",
        "2023-01-01 10:00:00, 1.1 sec,{s}.0,0.4,{t},0.5,{v}")),
    "spaced.csv": ("csv", "tv", "e", table("Epoch, Train Loss, Val Loss", "{e}, {t}, {v}")),
    "unnumbered.txt": ("csv", "tv", "e", table(
        "Learning Rate\tTrain Loss\tValid Loss\tTrain Acc.\tValid Acc.\t", "0.100000\t{t}\t{v}\t70.0\t68.0\t")),
    "spacy.txt": ("text", "train.loss_ner=t validation.score=b", "e", "ℹ Pipeline: ['tok2vec', 'ner']\n" + table(
        "E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  ENTS_P  ENTS_R  SCORE ",
        "  {e}     {s}          1.50      {t}   68.00   69.00   67.00    {b}",
        "---  ------  ------------  --------  ------  ------  ------  ------\n")),
    "chainer.txt": ("text", "tvab", "e", table(
        "epoch       main/loss   validation/main/loss  main/accuracy  validation/main/accuracy  elapsed_time",
        "{e}           {t}         {v}                  {a}           {b}                      1.123")),
    "skorch.txt": ("text", "tvb", "e", table(
        "  epoch    train_loss    valid_acc    valid_loss     dur", "      {e}        {t}       {b}        {v}  0.1234",
        "-------  ------------  -----------  ------------  ------\n")),
    "data_frame.txt": ("text", "tvb", "e", table(
        "   epoch  train_loss  val_loss  val_acc", "7      {e}        {t}      {v}     {b}")),
    "fastai_old.txt": ("text", "tvb", "e", "Total time: 00:10\n" + table(
        "epoch  train_loss  valid_loss  accuracy", "{e}      {t}    {v}    {b}  (00:02)")),
    "fastai_rows.txt": ("text", "tvb", "e", table(
        "epoch     train_loss  valid_loss  accuracy  time    ", "{e}         {t}    {v}    {b}  00:05     ")),
    "ultralytics.txt": ("text", "train.box_loss=t validation.map50=b", "e", "Ultralytics 8.3.0 Python-3.11 torch-2.5 CPU\n" + "".join(f"""
      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
        {e}/5      2.1G     {t}      1.1      1.2         20        640: 100%|██████████| 10/10 [00:05<00:00,  1.9it/s]
                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 4/4 [00:01<00:00,  2.5it/s]
                   all        128        929      0.640      0.537      {b}      0.5
""" for e, t, v, a, b in EPOCHS) + """
Optimizer stripped from runs/detect/train/weights/best.pt, 6.2MB
                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 4/4 [00:01<00:00,  2.5it/s]
                   all        128        929      0.640      0.537      0.79      0.5
"""),
    "lists.txt": ("text", "tv", "e", f"train losses: {TRAIN}\nval losses: {VALIDATION}\n"),
    "mmcv.log.json": ("json_lines", "t validation.bbox_map=b", "e", json.dumps({"env_info": "linux", "seed": None, "exp_name": "a.py"}) + "\n" + lines(
        lambda e, t, v, a, b: {"mode": "train", "epoch": e, "iter": 50, "lr": 0.02, "memory": 3971, "loss_cls": 0.1, "loss": t, "time": 0.3},
        lambda e, t, v, a, b: {"mode": "val", "epoch": e, "iter": 500, "lr": 0.02, "bbox_mAP": b, "bbox_mAP_copypaste": "0.1 0.2"})),
    "mmengine_scalars.json": ("json_lines", "tB", "e", lines(
        lambda e, t, v, a, b: {"lr": 0.01, "data_time": 0.007, "loss": t, "time": 0.03, "epoch": e, "iter": 100 * e, "memory": 392, "step": 100 * e},
        lambda e, t, v, a, b: {"accuracy/top1": 100 * b, "data_time": 0.01, "time": 0.03, "step": e})),
    "llama_factory.jsonl": ("json_lines", "tv", "e", lines(
        lambda e, t, v, a, b: {"current_steps": 100 * e, "total_steps": 500, "loss": t, "lr": 1e-5, "epoch": e, "percentage": 20.0 * e, "elapsed_time": "0:02:03"},
        lambda e, t, v, a, b: {"current_steps": 100 * e, "total_steps": 500, "eval_loss": v, "epoch": e, "percentage": 20.0 * e})),
    "deit_log.txt": ("json_lines", "tvB", "e", lines(
        lambda e, t, v, a, b: {"train_lr": 1e-5, "train_loss": t, "test_loss": v, "test_acc1": 100 * b, "test_coco_eval_bbox": [0.1, 0.2], "epoch": e, "n_parameters": 41302368})),
    "nested.jsonl": ("json_lines", "tv", "e", lines(
        lambda e, t, v, a, b: {"epoch": e, "train": {"loss": t}, "val": {"loss": v}})),
    "chainer.json": ("history", "tvab", "e", json.dumps([
        {"main/loss": t, "main/accuracy": a, "validation/main/loss": v, "validation/main/accuracy": b, "epoch": e, "iteration": 600 * e, "elapsed_time": 1.5}
        for e, t, v, a, b in EPOCHS], indent=4)),
    "skorch.json": ("history", "tv", "e", json.dumps([
        {"batches": [{"train_loss": t, "train_batch_size": 128}], "epoch": e, "train_batch_count": 1, "dur": 0.1, "train_loss": t, "train_loss_best": True, "valid_loss": v, "valid_loss_best": False}
        for e, t, v, a, b in EPOCHS])),
    "epochs_list.json": ("history", "tvab", "e", json.dumps(
        {"epochs": [1, 2, 3, 4, 5], "train": {"loss": TRAIN, "acc": TRAIN_ACCURACY}, "val": {"loss": VALIDATION, "acc": ACCURACY}})),
    "keyed.json": ("history", "tv", "e", json.dumps({f"epoch_{e}": {"train": {"loss": t}, "val": {"loss": v}} for e, t, v, a, b in EPOCHS})),
    "sacred.json": ("history", "tv", "e", json.dumps({
        name: {"steps": [1, 2, 3, 4, 5], "timestamps": ["2020-01-01T10:00:00"] * 5, "values": values}
        for name, values in {"training.loss": TRAIN, "validation.loss": VALIDATION}.items()})),
}
