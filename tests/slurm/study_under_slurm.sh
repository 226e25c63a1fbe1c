#!/usr/bin/env bash
# The same study, run plainly and through each batch script of slurm/, gives the same result.
#
#   study_under_slurm.sh PROGRAM      exit 77 where Slurm is not installed
# shellcheck source-path=SCRIPTDIR source=library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
[ $# = 1 ] || fail "usage: study_under_slurm.sh PROGRAM"
TRADEGRAPH=$(readlink -f "$1")
export TRADEGRAPH

same() { "$root/tests/support/compare_results.py" "$1" "$2" || fail "$1 and $2 differ"; }

start_slurm 2 2
"$root/tests/support/small_network.py" . --firms 2000
cat >study.toml <<'TOML'
[study]
years = [2010, 2020]
reference_year = 2020

[input]
firms = "firms_{year}.csv"
trade = "trade_{year}.csv"

[identify]
eps = 1000
min_firms = 10
groups = "division"

[select]
top = 20
min_nodes = 10
min_links = 10
TOML

echo "== plain"
"$TRADEGRAPH" run study.toml -o plain --quiet >plain.log 2>&1 || fail "the plain run"
[ "$(wc -l <plain/clusters.csv)" -ge 9 ] || fail "too few clusters for the comparison to mean much"

echo "== srun over two nodes"
await "$(submit srun --nodes=2 --ntasks-per-node=2 "$scripts/study.sbatch" study.toml srun)" 600
same plain srun

echo "== mpirun over two nodes, two threads a rank"
# The virtual nodes share a host, but not their shared memory.
await "$(OMPI_MCA_btl=self,tcp submit mpirun --nodes=2 --ntasks-per-node=1 --cpus-per-task=2 \
  "$scripts/study_mpirun.sbatch" study.toml mpirun)" 600
same plain mpirun

echo "== one kernel over two nodes"
"$TRADEGRAPH" import firms_2020.csv trade_2020.csv --year 2020 -o 2020.h5 --quiet >import.log 2>&1 ||
  fail "import"
mkdir -p alone job
"$TRADEGRAPH" measure 2020.h5 --kernel degree -o alone/degree.csv --quiet || fail "measure"
await "$(submit measure "$scripts/measure.sbatch" 2020.h5 degree job/degree.csv)" 300
same alone job

echo "== an array of identify runs: two tasks for three values"
mkdir -p eps_alone
for eps in 500 1000 2000; do
  "$TRADEGRAPH" identify 2020.h5 --eps $eps --min-firms 10 --ungrouped \
    -o "eps_alone/members_$eps.csv" --quiet 2>identify.log || fail "identify --eps $eps"
done
await "$(submit identify --array=0-1 "$scripts/identify_eps.sbatch" 2020.h5 eps_job \
  "500 1000 2000" 10 --ungrouped)" 300
same eps_alone eps_job

echo "== a sweep as an array of three tasks, and its merge job"
grid=(--eps 500:2000:500 --min-firms 5,10 --stretch 1,2 --baseline 1000,10,2)
"$TRADEGRAPH" sweep 2020.h5 "${grid[@]}" -o sweep_alone --quiet >sweep.log 2>&1 || fail "sweep"
array=$(submit sweep --array=0-2 "$scripts/sweep.sbatch" 2020.h5 sweep_job "${grid[@]}")
await "$(submit merge --dependency=afterok:"$array" "$scripts/sweep_merge.sbatch" sweep_job)" 300
for table in sweep stability persistence; do
  cmp "sweep_alone/$table.csv" "sweep_job/$table.csv" || fail "$table.csv of the array differs"
done
