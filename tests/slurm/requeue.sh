#!/usr/bin/env bash
# The study scripts hand a signal to the ranks, and put a run that stops early back into the queue,
# where it resumes. The program is played by a script, so that this is about the batch scripts alone:
# it waits for USR1, leaves with 3, and succeeds when it is called with --resume.
#
#   requeue.sh                        exit 77 where Slurm is not installed
# shellcheck source-path=SCRIPTDIR source=library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

start_slurm 1 2
cat >stops_once <<'PROGRAM'
#!/usr/bin/env bash
if [ "${*: -1}" = --resume ]; then
  echo "resumed: $*"
  exit 0
fi
trap 'echo "got USR1"; exit 3' USR1
echo started
for _ in $(seq 3000); do sleep 0.1; done
PROGRAM
chmod +x stops_once
export TRADEGRAPH=$PWD/stops_once

await_line() {
  for _ in $(seq 900); do
    if grep -qs "$2" "$1"; then return 0; fi
    sleep 0.1
  done
  fail "$1 never said '$2'"
}

# stop_and_resume NAME SCRIPT SCANCEL-OPTION…
stop_and_resume() {
  local name=$1 script=$2 job
  shift 2
  echo "== $name"
  job=$(submit "$name" --nodes=1 --ntasks-per-node=1 "$scripts/$script" study.toml out)
  await_line "$name.log" started
  timeout 60 scancel --signal=USR1 "$@" "$job"
  await_line "$name.log" "got USR1"
  for _ in $(seq 900); do
    [ "$(job_field "$job" JobState)" = PENDING ] && break
    sleep 0.1
  done
  [ "$(job_field "$job" Restarts)" = 1 ] || fail "$name: the job did not go back into the queue"
  # A requeued job is held back for two minutes; a node refuses it in the second in which it ended.
  sleep 2
  timeout 60 scontrol update JobId="$job" StartTime=now
  await "$job" 300
  await_line "$name.log" "resumed: run study.toml -o out --threads 1 --resume"
}

stop_and_resume srun study.sbatch
stop_and_resume mpirun study_mpirun.sbatch --batch

echo "== no further restart"
job=$(MAX_RESTARTS=0 submit limited --nodes=1 --ntasks-per-node=1 "$scripts/study.sbatch" study.toml out)
await_line limited.log started
timeout 60 scancel --signal=USR1 "$job"
await_line limited.log "stopped early after 0 restarts"
for _ in $(seq 600); do
  [ "$(job_field "$job" JobState)" = FAILED ] && break
  sleep 0.1
done
[ "$(job_field "$job" ExitCode)" = 3:0 ] || fail "exit code $(job_field "$job" ExitCode), not 3:0"
