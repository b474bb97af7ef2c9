"""What training programs print over several lines for an epoch; see wild_lines.py for the letters."""

BLOCKS = {
    "nnunet": ("validation.dice=b train.loss=-a validation.loss=-b", 0, "e", """
2025-11-19 00:07:35.259727:
2025-11-19 00:07:35.259727: Epoch {e}
2025-11-19 00:07:35.269744: Current learning rate: 0.00935
2025-11-19 00:09:11.854378: train_loss -{a}
2025-11-19 00:09:11.864611: val_loss -{b}
2025-11-19 00:09:11.870212: Pseudo dice [np.float32({b}), np.float32({b}), np.float32({b})]
2025-11-19 00:09:11.881562: Epoch time: 96.61 s
2025-11-19 00:09:11.888659: Yayy! New best EMA pseudo Dice: 0.58459
"""),
    "timm": ("tvB", 0, "e", """Train: {e} [   0/100 (  0%)]  Loss: {T:.3f} ({T:.3f})  Time: 1.2s,  100.1/s  (1.2s,  100.1/s)  LR: 5.000e-02  Data: 0.5 (0.5)
Train: {e} [  99/100 (100%)]  Loss: {T:.3f} ({t:.3f})  Time: 1.2s,  100.1/s  (1.2s,  100.1/s)  LR: 5.000e-02  Data: 0.5 (0.5)
Test: [   0/10]  Time: 0.5 (0.5)  Loss:  0.5 (0.5)  Acc@1: 70.0 (70.0)  Acc@5: 99.0 (99.0)
Test: [  10/10]  Time: 0.5 (0.5)  Loss:  0.5 ({v:.4f})  Acc@1: 70.0 ({B:.4f})  Acc@5: 99.0 (99.0)
Current checkpoints:
 ('./output/train/checkpoint-0.pth.tar', 74.9)

"""),
    "mmengine": ("tB", 1, "e", """2023/08/18 20:27:23 - mmengine - INFO - Epoch(train) [{e}][200/200]  base_lr: 1.0000e-03 lr: 1.0000e-03  eta: 0:06:28  time: 0.0348  data_time: 0.0072  memory: 392  loss: {t}
2023/08/18 20:27:23 - mmengine - INFO - Saving checkpoint at {e} epochs
2023/08/18 20:27:23 - mmengine - INFO - Epoch(val) [{e}][ 5/10]    eta: 0:00:03  time: 0.0122  data_time: 0.0047  memory: 392
2023/08/18 20:27:23 - mmengine - INFO - Epoch(val) [{e}][10/10]    accuracy/top1: {B:.4f}  accuracy/top5: 99.0000  data_time: 0.0044  time: 0.0146
"""),
    "mmcv": ("t validation.bbox_map=b", 1, "e", """2023-02-10 17:46:31,214 - mmdet - INFO - Epoch [{e}][50/100]\tlr: 2.000e-02, eta: 1 day, 1:00:00, time: 0.500, data_time: 0.100, memory: 3971, loss_cls: 0.1, loss_bbox: 0.1, loss: {t}
2023-02-10 17:46:31,214 - mmdet - INFO - Saving checkpoint at {e} epochs
2023-02-10 17:46:31,214 - mmdet - INFO - Epoch(val) [{e}][65]\tbbox_mAP: {b}, bbox_mAP_50: {b}, bbox_mAP_copypaste: 0.059 -1.0000 0.1
"""),
    "paddleclas": ("tvab", 1, "e", """[2022/10/01 10:00:00] ppcls INFO: [Train][Epoch {e}/{n}][Iter: 0/10]lr(LinearWarmup): 0.00010000, top1: 0.1, top5: 0.2, CELoss: {T}, loss: {T}, batch_cost: 0.5s, reader_cost: 0.1, ips: 100 samples/s, eta: 0:00:10
[2022/10/01 10:00:00] ppcls INFO: [Train][Epoch {e}/{n}][Avg]top1: {a}, top5: 0.99, CELoss: {t}, loss: {t}
[2022/10/01 10:00:00] ppcls INFO: [Eval][Epoch {e}][Avg]CELoss: {v}, loss: {v}, top1: {b}, top5: 0.98
[2022/10/01 10:00:00] ppcls INFO: [Eval][Epoch {e}][best metric: 0.123]
"""),
    "paddle": ("tvab", 1, "e", """Epoch {e}/{n}
step  5/10 - loss: {T} - acc: 0.5 - 50ms/step
step 10/10 - loss: {t} - acc: {a} - 50ms/step
Eval begin...
step 2/2 - loss: {v} - acc: {b} - 20ms/step
Eval samples: 100
"""),
    "fairseq": ("tv", 1, "e", """2023-06-13 17:32:30 | INFO | train_inner | epoch {e:03d}:    100 / 281 loss={T}, nll_loss=4.2, ppl=18.0, wps=30000, num_updates=50, lr=0.00015772, gnorm=0.483, clip=0, loss_scale=32768
2023-06-13 17:32:38 | INFO | fairseq_cli.train | begin validation on "valid" subset
2023-06-13 17:32:41 | INFO | valid | epoch {e:03d} | valid on 'valid' subset | loss {v} | nll_loss 2.5 | ppl 5.2 | bleu 29.52 | wps 88225 | num_updates 100 | best_bleu 30.53
2023-06-13 17:32:41 | INFO | fairseq_cli.train | end of epoch {e} (average epoch stats below)
2023-06-13 17:32:41 | INFO | train | epoch {e:03d} | loss {t} | nll_loss 1.5 | ppl 2.9 | wps 30000 | num_updates 100 | lr 0.0001 | gnorm 0.5 | clip 0
"""),
    "fairseq_old": ("tv", 1, "e", """| epoch {e:03d} | loss {t} | nll_loss {t} | ppl 4.97 | wps 202 | ups 9 | num_updates 100 | lr 0.005 | gnorm 4.364 | clip 0.000 | wall 248 | train_wall 110
| epoch {e:03d} | valid on 'valid' subset | loss {v} | nll_loss {v} | ppl 4.1 | num_updates 100 | best_loss 0.1
| saved checkpoint checkpoints/checkpoint{e}.pt (epoch {e} @ 100 updates) (writing took 12.9 seconds)
"""),
    "fairseq_json": ("tv", 1, "e", """2023-06-13 17:32:30 | INFO | train_inner | {{"epoch": {e}, "update": 0.5, "loss": "{T}", "ppl": "18", "num_updates": "50", "lr": "0.0001"}}
2023-06-13 17:32:41 | INFO | valid | {{"epoch": {e}, "valid_loss": "{v}", "valid_ppl": "4.1", "valid_num_updates": "100", "valid_best_loss": "0.1"}}
2023-06-13 17:32:41 | INFO | train | {{"epoch": {e}, "train_loss": "{t}", "train_ppl": "3.1", "train_num_updates": "100", "train_lr": "0.0001"}}
"""),
    "trainer": ("tvb", 1, "e", """ 20%|██        | 100/500 [00:10<00:40,  9.9it/s]{{'loss': {t}, 'grad_norm': 1.5, 'learning_rate': 2e-05, 'epoch': {e}.0}}

  0%|          | 0/10 [00:00<?, ?it/s]
100%|██████████| 10/10 [00:01<00:00]
{{'eval_loss': {v}, 'eval_accuracy': {b}, 'eval_runtime': 1.5, 'eval_samples_per_second': 100.0, 'epoch': {e}.0}}
"""),
    "estimator": ("tvb", 1, "s", """INFO:tensorflow:loss = {t}, step = {s} (1.234 sec)
INFO:tensorflow:Saving checkpoints for {s} into model.ckpt.
INFO:tensorflow:Saving dict for global step {s}: accuracy = {b}, global_step = {s}, loss = {v}
"""),
    "caffe": ("tvb", 0, "s", """I1122 10:00:00.123456  1234 solver.cpp:330] Iteration {s}, Testing net (#0)
I1122 10:00:00.123456  1234 solver.cpp:397]     Test net output #0: accuracy = {b}
I1122 10:00:00.123456  1234 solver.cpp:397]     Test net output #1: loss = {v} (* 1 = {v} loss)
I1122 10:00:00.123456  1234 solver.cpp:218] Iteration {s} (5.5 iter/s, 10.1s/100 iters), loss = {T}
I1122 10:00:00.123456  1234 solver.cpp:237]     Train net output #0: loss = {t} (* 1 = {t} loss)
I1122 10:00:00.123456  1234 sgd_solver.cpp:105] Iteration {s}, lr = 0.01
"""),
    "flair": ("tv", 1, "e", """2023-01-01 10:00:00,123 epoch {e} - iter 10/100 - loss {T} - time (sec): 1.1 - samples/sec: 100.1 - lr: 0.100000
2023-01-01 10:00:00,123 EPOCH {e} done: loss {t} - lr: 0.100000
2023-01-01 10:00:00,123 DEV : loss {v} - f1-score (micro avg)  {b}
2023-01-01 10:00:00,123 BAD EPOCHS (no improvement): 0
"""),
    "opennmt": ("train.perplexity=t validation.perplexity=v AB", 1, "s", """[2021-01-01 10:00:00,123 INFO] Step {s}/ 500; acc:  {A:.2f}; ppl:  {t:.2f}; xent: 0.1; lr: 0.00010; 1000/1100 tok/s;     50 sec
[2021-01-01 10:00:00,123 INFO] Validation perplexity: {v:.4f}
[2021-01-01 10:00:00,123 INFO] Validation accuracy: {B:.4f}
"""),
    "coqui": ("tv", 0, "e", """
 > EPOCH: {e}/{n}
 --> output/run

 > TRAINING (2021-01-01 10:00:00)

   --> STEP: 10/50 -- GLOBAL_STEP: 10
     | > loss: {T}  ({T})
     | > step_time: 0.5  (0.5)

   --> STEP: 49/50 -- GLOBAL_STEP: 49
     | > loss: {T}  ({t})

 > EVALUATION

  --> EVAL PERFORMANCE
     | > avg_loader_time: 0.01 (+0.00)
     | > avg_loss: {v} (-0.1)

"""),
    "quickstart": ("vB", 1, "e", """Epoch {e}
-------------------------------
loss: {T:.6f}  [   64/60000]
loss: {T:.6f}  [ 6464/60000]
Test Error:
 Accuracy: {B:.1f}%, Avg loss: {v:.6f}

"""),
    "slowfast": ("t train.top1_err=ea validation.top1_err=eb", 1, "e", """[11/22 10:00:00][INFO] logging.py: 99: json_stats: {{"RAM": "10/60G", "_type": "train_epoch", "epoch": "{e}/{n}", "loss": {t}, "lr": 0.1, "top1_err": {ea}}}
[11/22 10:00:00][INFO] logging.py: 99: json_stats: {{"_type": "val_epoch", "epoch": "{e}/{n}", "min_top1_err": 0.1, "top1_err": {eb}}}
"""),
    "lightgbm_stopped": ("train.binary_logloss=t validation.binary_logloss=v", 1, "s", "[{s}]\ttraining's binary_logloss: {t}\tvalid_1's binary_logloss: {v}\n"),
}

# What stands before and behind the epochs.
AROUND = {
    "lightgbm_stopped": (
        "Training until validation scores don't improve for 200 rounds\n",
        "Early stopping, best iteration is:\n[300]\ttraining's binary_logloss: 0.4\tvalid_1's binary_logloss: 0.6\n",
    ),
    "trainer": ("", "{'train_runtime': 50.0, 'train_samples_per_second': 10.0, 'train_loss': 0.48, 'epoch': 5.0}\n"),
}
FORMATS = {"lightgbm_stopped": "lightgbm", "nanogpt": "nanogpt"}
