"""Still more shapes: speech, translation, language models, R, Julia, MATLAB, services; see
wild_lines.py for the letters and wild_documents.py for the tables."""

import json

from .wild_documents import EPOCHS, lines, table

BAR = "|" + "=" * 118 + "|\n"
MATLAB = """Training on single CPU.
Initializing input data normalization.
""" + BAR + """|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Validation  |  Mini-batch  |  Validation  |  Base Learning  |
|         |             |   (hh:mm:ss)   |   Accuracy   |   Accuracy   |     Loss     |     Loss     |      Rate       |
""" + BAR + "".join(
    f"|       {e} |         {s} |       00:00:0{e} |       {100 * a:.2f}% |       {100 * b:.2f}% |       {t:.4f} |       {v:.4f} |          0.0100 |\n"
    for (e, t, v, a, b) in EPOCHS for s in [100 * e]) + BAR

MORE_LINES = {
    "luz": ("tvab", 1, "e", "Epoch {e}/{n}\nTrain metrics: Loss: {t} - Acc: {a}                                                                    \nValid metrics: Loss: {v} - Acc: {b}\n"),
    "keras_r": ("tvab", 1, "e", "Epoch {e}/{n}\n10/10 - 1s - loss: {t:.4f} - accuracy: {a:.4f} - val_loss: {v:.4f} - val_accuracy: {b:.4f} - 1s/epoch - 123ms/step\n"),
    "lux": ("tvAB", 1, "e", "[ Info: Epoch {e}: train loss {t}, train accuracy {A:.2f}%, val loss {v}, val accuracy {B:.2f}%\n"),
    "julia_named_tuple": ("tv", 1, "e", "(epoch = {e}, train_loss = {t}f0, val_loss = {v}f0)\n"),
    "marian": ("t validation.cross_entropy=v", 1, "e", "[2022-04-13 06:53:37] Ep. {e} : Up. {s} : Sen. 1,269,755 : Cost {t:.8f} : Time 785.53s : 17289.59 words/s : L.r. 1.2500e-05\n[2022-04-13 06:53:44] [valid] Ep. {e} : Up. {s} : cross-entropy : {v} : stalled 1 times (last best: 0.1)\n"),
    "megatron": ("tv", 1, "s", " [2023-11-22 10:00:00] iteration      {s}/    1000 | consumed samples:       100096 | elapsed time per iteration (ms): 290.9 | learning rate: 1.200E-04 | global batch size:  1024 | lm loss: {t:.6E} | loss scale: 1.0 | grad norm: 1.053 | number of skipped iterations:   0 | number of nan iterations:   0 |\n----------------------------------------------------------------------------------------------------\n validation loss at iteration {s} | lm loss value: {v:.6E} | lm loss PPL: 2.1E+00 | \n----------------------------------------------------------------------------------------------------\n"),
    "sagemaker": ("train.rmse=t validation.rmse=v", 0, "e", "[{e}]#011train-rmse:{t}#011validation-rmse:{v}\n"),
    "xgboost_spaces": ("train.mlogloss=t validation.mlogloss=v", 0, "e", "[{e}]  train-mlogloss:{t}  test-mlogloss:{v}\n"),
    "lightgbm_cli": ("train.auc=a validation.auc=b", 1, "e", "[LightGBM] [Info] Iteration:{e}, training auc : {a}\n[LightGBM] [Info] Iteration:{e}, valid_1 auc : {b}\n[LightGBM] [Info] 0.123456 seconds elapsed, finished iteration {e}\n"),
    "tflearn": ("tvab", 1, "e", "Training Step: {s}  | total loss: \x1b[1m\x1b[32m{t}\x1b[0m\x1b[0m | time: 61.852s\n| SGD | epoch: 00{e} | loss: {t} - acc: {a} | val_loss: {v} - val_acc: {b} -- iter: 200000/200000\n--\n"),
    "axolotl": ("tv", 1, "e", "{{'loss': {t}, 'grad_norm': 1.25, 'learning_rate': 0.0002, 'epoch': {e}.0}}\n{{'eval_loss': {v}, 'eval_runtime': 10.1, 'eval_samples_per_second': 9.9, 'epoch': {e}.0}}\n"),
    "axolotl_strings": ("tv", 1, "e", "{{'loss': '{t}', 'grad_norm': '1.25', 'learning_rate': '0.0002', 'epoch': '{e}'}}\n{{'eval_loss': '{v}', 'eval_runtime': '10.1', 'epoch': '{e}'}}\n"),
    "torchtune": ("t", 1, "s", "Step {s} | loss:{t} lr:2e-05 tokens_per_second_per_gpu:100.1 \n"),
    "deepspeed": ("tv", 1, "s", "[2023-11-22 10:00:00,123] [INFO] [logging.py:96:log_dist] [Rank 0] step={s}, skipped=0, lr=[0.0001], mom=[[0.9, 0.999]]\nsteps: {s} loss: {t:.4f} iter time (s): 0.5 samples/sec: 100.1\nsteps: {s} eval_loss: {v:.4f}\n"),
    "nemo": ("tv", 1, "e", "Epoch {e}: 100%|##########| 10/10 [00:10<00:00, v_num=0, reduced_train_loss={t}, global_step={s}.0, val_loss={v}]\n"),
    "fasttext": ("t", 1, "e", "epoch {e}\nProgress: 100.0% words/sec/thread:  996275 lr:  0.010000 avg.loss:  {t:.6f} ETA:   0h 0m 0s\n"),
    "pyg": ("t train.score=a validation.score=b test.score=b", 1, "e", "Epoch: {e:03d}, Loss: {t:.4f}, Train: {a:.4f}, Val: {b:.4f}, Test: {b:.4f}\n"),
    "dgl": ("tab", 0, "e", "Epoch {e:05d} | Loss {t:.4f} | Train Acc {a:.4f} | Val Acc {b:.4f} | Time 0.0123\n"),
    "gcn": ("tvab", 1, "e", "Epoch: {e:04d} loss_train: {t:.4f} acc_train: {a:.4f} loss_val: {v:.4f} acc_val: {b:.4f} time: 0.0123s\n"),
    "gcn_tensorflow": ("tvab", 1, "e", "Epoch: {e:04d} train_loss= {t:.5f} train_acc= {a:.5f} val_loss= {v:.5f} val_acc= {b:.5f} time= 0.01234\n"),
    "informer": ("tv", 1, "e", "\titers: 100, epoch: {e} | loss: {T:.7f}\n\tspeed: 0.0500s/iter; left time: 10.1s\nEpoch: {e} cost time: 10.123\nEpoch: {e}, Steps: 100 | Train Loss: {t:.7f} Vali Loss: {v:.7f} Test Loss: 0.5000000\nValidation loss decreased (inf --> 0.123456).  Saving model ...\nUpdating learning rate to 0.0001\n"),
    "imagenet_example": ("tB", 0, "e", "Epoch: [{e}][ 10/100]\tTime  0.5 ( 0.6)\tData  0.1 ( 0.2)\tLoss {T:.4e} ({T:.4e})\tAcc@1  10.00 ( 12.00)\tAcc@5  30.00 ( 31.00)\nEpoch: [{e}][100/100]\tTime  0.5 ( 0.6)\tData  0.1 ( 0.2)\tLoss {T:.4e} ({t:.4e})\tAcc@1  10.00 ( 12.00)\tAcc@5  30.00 ( 31.00)\nTest: [10/10]\tTime  0.5 ( 0.6)\tLoss 5.0000e-01 (5.0000e-01)\tAcc@1  70.00 ({B:6.2f})\tAcc@5  90.00 ( 91.00)\n *   Acc@1 {B:.3f} Acc@5 91.000\n"),
    "yolox": ("t validation.map50_95=b", 1, "e", "2021-11-22 10:00:00 | INFO     | yolox.core.trainer:253 - epoch: {e}/5, iter: 100/100, mem: 5000Mb, iter_time: 0.200s, data_time: 0.001s, total_loss: {t}, iou_loss: 0.1, l1_loss: 0.0, conf_loss: 0.1, cls_loss: 0.1, lr: 1.0e-03, size: 640, ETA: 1:00:00\n2021-11-22 10:00:00 | INFO     | yolox.core.trainer:352 - \nAverage forward time: 5.10 ms\n Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = {b:.3f}\n Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.512\n Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.412\n"),
    "gluon": ("t train.accuracy=a validation.accuracy=b", 0, "e", "[Epoch {e}] training: accuracy={a}\n[Epoch {e}] speed: 100 samples/sec\ttime cost: 10.123\n[Epoch {e}] loss: {t}\n[Epoch {e}] validation: accuracy={b}\n"),
    "monai": ("tb", 1, "e", "----------\nepoch {e}/{n}\n1/2, train_loss: {t:.4f}\n2/2, train_loss: {t:.4f}\nepoch {e} average loss: {t:.4f}\ncurrent epoch: {e} current accuracy: {b:.4f} best accuracy: 0.1234 at epoch 1\n"),
    "torchvision_reference": ("t B", 0, "e", "Epoch: [{e}]  [  0/100]  eta: 0:01:00  lr: 0.1  img/s: 100.1  loss: {T:.4f} ({T:.4f})  acc1: 10.0000 (10.0000)  time: 0.5  data: 0.1  max mem: 500\nEpoch: [{e}]  [ 99/100]  eta: 0:00:00  lr: 0.1  img/s: 100.1  loss: {T:.4f} ({t:.4f})  acc1: 10.0000 (10.0000)  time: 0.5  data: 0.1  max mem: 500\nEpoch: [{e}] Total time: 0:01:00\nTest:   [ 0/10]  eta: 0:00:01  loss: 0.5 (0.5)  acc1: 70.0 ({B:.3f})  time: 0.1\nTest:  Acc@1 {B:.3f} Acc@5 91.000\n"),
    "sentence_pair": ("tv", 1, "e", "| epoch   {e} |   200/ 2983 batches | lr 20.00 | ms/batch 10.12 | loss  {T:.2f} | ppl  2222.22\n| epoch   {e} |  2800/ 2983 batches | lr 20.00 | ms/batch 10.12 | loss  {t:.2f} | ppl  2222.22\n-----------------------------------------------------------------------------------------\n| end of epoch   {e} | time: 35.12s | valid loss  {v:.2f} | valid ppl   2222.22\n-----------------------------------------------------------------------------------------\n"),
    "spanish": ("tv", 1, "e", "Época {e}/{n} - pérdida: {t} - pérdida de validación: {v}\n"),
    "german": ("tv", 1, "e", "Epoche {e}: Trainingsverlust {t}, Validierungsverlust {v}\n"),
    "french": ("tv", 1, "e", "Époque {e} : perte d'entraînement {t}, perte de validation {v}\n"),
    "korean": ("tv", 1, "e", "에포크 {e}: 훈련 손실 {t}, 검증 손실 {v}\n"),
    "japanese": ("tv", 1, "e", "エポック {e}: 訓練損失 {t}, 検証損失 {v}\n"),
    "russian": ("tv", 1, "e", "Эпоха {e}: потери на обучении {t}, потери на валидации {v}\n"),
    "portuguese": ("tv", 1, "e", "Época {e}, Perda de treino: {t}, Perda de validação: {v}\n"),
    "time_stamped": ("tvab", 0, "e", "2024-05-01T12:34:56.789Z [worker-3] epoch={e} phase=train loss={t} acc={a}\n2024-05-01T12:35:56.789Z [worker-3] epoch={e} phase=dev loss={v} acc={b}\n"),
    "coloured": ("tv", 1, "e", "\x1b[32m2024-05-01 12:34:56\x1b[0m | \x1b[1mINFO\x1b[0m | epoch \x1b[36m{e}\x1b[0m train_loss \x1b[33m{t}\x1b[0m valid_loss \x1b[33m{v}\x1b[0m\n"),
    "holdout": ("train.rmse=t validation.rmse=v", 1, "e", "iter {e}: rmse(train)={t} rmse(holdout)={v}\n"),
    "surprise": ("train.rmse=t validation.rmse=v", 0, "e", "Processing epoch {e}\n  train RMSE: {t}\n  holdout RMSE: {v}\n"),
    "of_train": ("tv", 1, "e", "Epoch {e}: {t:.3f} train loss, {v:.3f} val loss\n"),
    "kaldi_grep": ("train.log_likelihood=-t validation.log_likelihood=-v", 1, "s", "exp/nnet3/log/compute_prob_train.{s}.log:LOG (nnet3-compute-prob[5.5]:PrintTotalStats():nnet-diagnostics.cc:193) Overall log-probability for 'output' is -{t} per frame, over 20000 frames.\nexp/nnet3/log/compute_prob_valid.{s}.log:LOG (nnet3-compute-prob[5.5]:PrintTotalStats():nnet-diagnostics.cc:193) Overall log-probability for 'output' is -{v} per frame, over 20000 frames.\n"),
    "weka": ("train.error=t validation.error=v", 1, "e", "Epoch {e} Train Error: {t}  Validation Error: {v}\n"),
    "stable_baselines": ("t validation.reward=b", 1, "s", "---------------------------------\n| eval/              |          |\n|    mean_ep_length  | 100      |\n|    mean_reward     | {b}      |\n| time/              |          |\n|    total_timesteps | {s}      |\n| train/             |          |\n|    learning_rate   | 0.0003   |\n|    loss            | {t}      |\n|    n_updates       | 100      |\n---------------------------------\n"),
    "whisper": ("tv validation.wer=eb", 1, "e", "{{'loss': {t}, 'learning_rate': 1e-05, 'epoch': {e}.0}}\n{{'eval_loss': {v}, 'eval_wer': {eb}, 'eval_runtime': 100.1, 'epoch': {e}.0}}\n"),
}

# Seen in public repositories: settings before the log, and numbers that measure nothing.
MORE_LINES |= {
    "olmo": ("train.cross_entropy_loss=t validation.cross_entropy_loss=v", 1, "s", "2025-12-27 22:12:56.867\thost:0\tolmo.train:990\tINFO\t[step={s}/1000,epoch=0]\n    optim/total_grad_norm=1.608\n    train/CrossEntropyLoss={t}\n    train/Perplexity=8,641\n    eval/CrossEntropyLoss={v}\n    System/Peak GPU Memory (MB)=40,123\n"),
    "deeplearning4j": ("tb", 1, "s", "06:38:16.402 [main] INFO org.deeplearning4j.optimize.listeners.ScoreIterationListener - Score at iteration {s} is {t}\n11:38:29.785 [main] INFO org.deeplearning4j.optimize.listeners.EvaluativeListener - Evaluation:\n\n========================Evaluation Metrics========================\n # of classes:    5\n Accuracy:        {b:.4f}\n"),
    "ordinals": ("t", 1, "e", "current step: {e}th step\nbatch loss:{t}\n"),
    "one_letter": ("tvab", 1, "e", "Epoch:   {e} | T_Loss {t} | T_acc {a} | V_Loss {v} | V_acc. {b} | time 7722.59\n"),
    "gradients": ("tv", 1, "e", "epoch   {e}  train_loss {t:.4f}  val_loss {v:.4f}  | grad L1 2.5e-01 L2 1.8e-01 L3 1.6e-01\n"),
    "conlleval": ("validation.accuracy=B validation.f1=B", 1, "e", "2020-02-10 21:04:50,178 - train.log - INFO - evaluate:dev\n2020-02-10 21:04:50,178 - train.log - INFO - accuracy:  {B:.2f}%; FB1:  {B:.2f}\n2020-02-10 21:04:50,178 - train.log - INFO -            FOREST: precision:   0.00%; recall:   0.00%; FB1:   0.00  16\n2020-02-10 21:04:50,178 - train.log - INFO - new best dev f1 score:0.010\n"),
}
MORE_FORMATS = {"axolotl": "json_lines", "axolotl_strings": "json_lines", "whisper": "json_lines"}

MORE_DOCUMENTS = {
    "settings.txt": ("text", "tv", "s", """Namespace(epochs=10, lr=0.1, train_bs=8, val_ratio=0.2)
2020-11-08 16:07:23,210 - DEBUG - Running with config {'data': '/data/wiki', 'out': 'runs/a', 'cuda': False, 'test': False, 'bs': 8, 'test_bs': 1, 'epochs': 10}
train label distribution {0: 4977, 1: 5023}
val_check_interval: 20  (every 20 epochs)
best_val_loss: 0.5
test loss weight 0.5
""" + "".join(f"ITER {100 * e} TRAINING (phase 1). loss: {t}; val_loss: {v}; Grad_norm: 5.6e-01\n" for e, t, v, *_ in EPOCHS)),
    "zero_bytes.txt": ("text", "t", "s", "yolov3\nnet.optimized_memory = 0\n" + "x" * 200 + "\n" + "".join(
        f" {100 * e}: {t + 0.1:.6f}, {t:.6f} avg loss, 0.001000 rate, 5.0 seconds, 64 images, -1.0 hours left\n\0\n" for e, t, *_ in EPOCHS)),
    "comma_decimals.txt": ("text", "tv", "e", "".join(f"epoch {e}; train_loss {t:.3f}; val_loss {v:.3f}\n" for e, t, v, *_ in EPOCHS).replace(".", ",")),
    "yolov7_results.txt": ("text", "t train.box_loss=t validation.map50=b validation.box_loss=v", "e", "".join(
        f"{e:>6}/99     6.61G   {t:.5f}   0.0187   0.0414   {t:.4f}        48       640    0.5471    0.4862      {b}    0.2951  {v:.4f}   0.01789   0.04123\n" for e, t, v, a, b in EPOCHS)),
    "kaldi_report.txt": ("csv", "tv", "s", "%Iter\tduration\ttrain_loss\tvalid_loss\tdifference\n" + "".join(f"{100 * e}\t9.0\t{t}\t{v}\t{v - t:.2f}\n" for e, t, v, *_ in EPOCHS)),
    "matlab_aligned.txt": ("text", "tv", "e", """    Iteration    Epoch    TimeElapsed    LearnRate    TrainingLoss    ValidationLoss
    _________    _____    ___________    _________    ____________    ______________
            0        0       00:00:05        0.01
""" + "".join(
        f"       {100 * e:>6}   {e:>6}       00:00:12        0.01    {t:>12}{v:>18}\n" for e, t, v, *_ in EPOCHS)),
    "matlab.txt": ("text", "tvAB", "e", MATLAB),
    "sb3_progress.csv": ("csv", "t validation.reward=b", "e", table(
        "time/iterations,time/total_timesteps,train/loss,eval/mean_reward,time/fps", "{e},{s},{t},{b},100")),
    "keras_r.csv": ("csv", "tvab", "e", '"","epoch","value","metric","data"\n' + "".join(
        f'"{n}",{e},{value},"{metric}","{data}"\n' for n, (e, value, metric, data) in enumerate(
            (e, row[i], metric, data) for i, metric, data in
            [(1, "loss", "training"), (3, "accuracy", "training"), (2, "loss", "validation"), (4, "accuracy", "validation")]
            for row in EPOCHS for e in [row[0]]))),
    "luz.csv": ("csv", "tvab", "e", "epoch,set,loss,acc\n" + "".join(f"{e},train,{t},{a}\n{e},valid,{v},{b}\n" for e, t, v, a, b in EPOCHS)),
    "xgboost_r.csv": ("csv", "train.logloss=t validation.logloss=v", "e", table("iter,train_logloss,eval_logloss", "{e},{t},{v}")),
    "european.csv": ("csv", "tv", "e", table("Epoche;Trainingsverlust;Validierungsverlust", "{e};{t};{v}").replace(".", ",")),
    "european_loss.csv": ("csv", "tv", "e", table("epoch;train_loss;val_loss", "{e};{t};{v}").replace(".", ",")),
    "percent.csv": ("csv", "tvB", "e", table("epoch,train loss,val loss,val acc", "{e},{t},{v},{B:.2f}%")),
    "bom.csv": ("csv", "tv", "e", "\ufeff" + table("Epoch,Training Loss,Validation Loss", "{e},{t},{v}")),
    "crlf.csv": ("keras", "tv", "e", table("epoch,loss,val_loss", "{e},{t},{v}").replace("\n", "\r\n")),
    "quoted.csv": ("csv", "tv", "e", table('"epoch","train_loss","dev_loss"', '"{e}","{t}","{v}"')),
    "long.csv": ("csv", "tv", "e", "epoch,split,metric,value\n" + "".join(f"{e},train,loss,{t}\n{e},val,loss,{v}\n" for e, t, v, *_ in EPOCHS)),
    "wandb_history.jsonl": ("json_lines", "tv", "s", lines(
        lambda e, t, v, a, b: {"train/loss": t, "val/loss": v, "_runtime": 1.5 * e, "_timestamp": 1.7e9 + e, "_step": 100 * e})),
    "dino_log.txt": ("json_lines", "tvB", "e", lines(
        lambda e, t, v, a, b: {"train_lr": 0.001, "train_loss": t, "test_loss": v, "test_acc1": 100 * b, "epoch": e, "n_parameters": 1000})),
    "allennlp_lines.json": ("json_lines", "tvab", "e", lines(
        lambda e, t, v, a, b: {"best_epoch": 2, "peak_worker_0_memory_MB": 100.5, "training_duration": "0:00:10.5", "epoch": e,
                               "training_accuracy": a, "training_loss": t, "validation_accuracy": b, "validation_loss": v,
                               "best_validation_accuracy": 0.5, "best_validation_loss": 0.1})),
    "mmdet.log.json": ("json_lines", "t validation.bbox_map=b", "e", json.dumps({"env_info": "sys.platform: linux", "seed": 1}) + "\n" + lines(
        lambda e, t, v, a, b: {"mode": "train", "epoch": e, "iter": 50, "lr": 0.02, "memory": 3971, "data_time": 0.1, "loss_cls": 0.1, "loss": t, "time": 0.5},
        lambda e, t, v, a, b: {"mode": "val", "epoch": e, "iter": 65, "lr": 0.02, "bbox_mAP": b, "bbox_mAP_50": b, "bbox_mAP_copypaste": "0.059 -1.0000 0.1"})),
    "nested_phases.json": ("history", "tvab", "e", json.dumps([
        {"epoch": e, "train": {"loss": t, "accuracy": a}, "validation": {"loss": v, "accuracy": b}, "best_epoch": 2, "seconds": 1.5} for e, t, v, a, b in EPOCHS])),
    "with_summary.json": ("history", "tv", "e", json.dumps({
        "model": "mlp", "best_epoch": 3, "best_validation_loss": 0.6, "config": {"lr": 0.1, "layers": [64, 64]},
        "history": [{"epoch": e, "train_loss": t, "val_loss": v} for e, t, v, *_ in EPOCHS]})),
    "points.json": ("history", "tv", "e", json.dumps({
        "train_loss": [{"epoch": e, "value": t} for e, t, *_ in EPOCHS], "val_loss": [{"epoch": e, "value": v} for e, t, v, *_ in EPOCHS]})),
    "pairs_of_numbers.json": ("history", "tv", "e", json.dumps({
        "train_loss": [[e, t] for e, t, *_ in EPOCHS], "val_loss": [[e, v] for e, t, v, *_ in EPOCHS]})),
    "create_ml.txt": ("text", "ab", "e", "+-----------+--------------+-------------------+---------------------+\n"
        "| Iteration | Elapsed Time | Training Accuracy | Validation Accuracy |\n+-----------+--------------+-------------------+---------------------+\n"
        + "".join(f"| {e}         | 0.012345     | {a}          | {b}            |\n" for e, t, v, a, b in EPOCHS)
        + "+-----------+--------------+-------------------+---------------------+\n"),
    "markdown.md": ("text", "tvb", "e", "## Results\n\n| Training Loss | Epoch | Step | Validation Loss | Accuracy |\n|:-------------:|:-----:|:----:|:---------------:|:--------:|\n"
        + "".join(f"| {t} | {e}.0 | {100 * e} | {v} | {b} |\n" for e, t, v, a, b in EPOCHS)),
}
