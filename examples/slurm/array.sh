#!/bin/sh
# One trial for each line of specs.jsonl, as a Slurm array:
#
#     python examples/slurm/specs.py examples/digits.toml > specs.jsonl
#     sbatch --array=1-$(wc -l < specs.jsonl) examples/slurm/array.sh
#     cat answers/*.json
#
# Without Slurm: for i in $(seq 20); do SLURM_ARRAY_TASK_ID=$i sh examples/slurm/array.sh; done
#SBATCH --cpus-per-task=1
#SBATCH --requeue
set -eu
mkdir -p answers
answer="answers/$SLURM_ARRAY_TASK_ID.json"
# A trial that was requeued after its answer was written is not run again.
[ -s "$answer" ] && exit 0
sed -n "${SLURM_ARRAY_TASK_ID}p" specs.jsonl | "${WELLFIT:-wellfit}" trial --spec - > "$answer.part"
mv "$answer.part" "$answer"
