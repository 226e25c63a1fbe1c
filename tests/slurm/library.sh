# Sourced by the tests of this folder: a private Slurm that ends with the test, and jobs with a limit.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export scripts=$root/slurm
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_NUM_THREADS=1
export OMPI_MCA_mpi_yield_when_idle=1

fail() { echo "FAILED: $*" >&2; exit 1; }

# start_slurm NODES CPUS: Slurm is up, $work is an empty folder and the current one.
start_slurm() {
  local place
  place=$(mktemp -d "${TMPDIR:-/tmp}/tradegraph_slurm.XXXXXX")
  work=$place/work
  mkdir "$work"
  # shellcheck disable=SC2064  # the folder of now
  trap "finish '$place'" EXIT
  "$here/private_slurm.sh" up "$place/slurm" "$@" || exit $?
  # shellcheck disable=SC1091
  source "$place/slurm/env"
  cd "$work"
}

finish() {
  local status=$?
  "$here/private_slurm.sh" down "$1/slurm" || true
  if [ $status != 0 ] && [ $status != 77 ]; then tail -n 30 "$1"/work/*.log >&2 || true; fi
  cd /
  rm -rf "$1"
  exit $status
}

# submit NAME ARGUMENT…: prints the job's number; its output goes to NAME.log.
submit() {
  local name=$1
  shift
  timeout 60 sbatch --parsable --open-mode=append --output="$name.log" "$@" || fail "sbatch $*"
}

# job_field JOB FIELD: of the first record, for example JobState or ExitCode.
job_field() {
  timeout 60 scontrol -o show job "$1" | sed -n "1s/.*\b$2=\([^ ]*\).*/\1/p"
}

# await JOB SECONDS: returns when the job (all tasks of an array) is over and went well.
await() {
  local end=$((SECONDS + $2)) states
  while [ $SECONDS -lt $end ]; do
    states=$(timeout 60 scontrol -o show job "$1" | sed -n 's/.*\bJobState=\([^ ]*\).*/\1/p' | sort -u)
    case $states in
      COMPLETED) return 0 ;;
      *FAILED* | *CANCELLED* | *TIMEOUT* | *NODE_FAIL*)
        fail "job $1: $(job_field "$1" JobState), exit code $(job_field "$1" ExitCode)" ;;
    esac
    sleep 0.3
  done
  fail "job $1 is not done after $2 s: ${states//$'\n'/ }"
}
