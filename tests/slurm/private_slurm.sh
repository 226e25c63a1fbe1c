#!/usr/bin/env bash
# A Slurm of one's own on one host, for tests: munged, slurmctld and several slurmd, as root, without
# systemd, cgroups or accounting.
#
#   private_slurm.sh up DIR [NODES=2] [CPUS_PER_NODE=2]   then: source DIR/env
#   private_slurm.sh down DIR                             ends every daemon and removes all but its logs
#
# DIR must be empty or new; the logs are in DIR/log. The nodes n1, n2, … are virtual: each believes in
# its own CPUs, memory and temporary folder. Exit 77 when Slurm is not installed or we are not root.
set -euo pipefail

self=$(basename "$0")
usage() { sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
skip() { echo "$self: skipped: $*" >&2; exit 77; }

[ $# -ge 2 ] || usage
action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
nodes=${3:-2}
cpus=${4:-2}
is_up=
export PATH=$PATH:/usr/sbin:/sbin
export SLURM_CONF=$dir/slurm.conf

check_machine() {
  local tool
  for tool in munged slurmctld slurmd sbatch srun; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
  [ "$(id -u)" = 0 ] || skip "the daemons need root"
}

# First of nodes + 1 neighbouring ports that nobody listens on.
free_ports() {
  local first port
  for _ in $(seq 50); do
    first=$((20000 + RANDOM % 12000))
    for ((port = first; port <= first + nodes; port++)); do
      if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return
  done
  echo "$self: no free ports" >&2
  return 1
}

write_configuration() {
  local host port i
  host=$(hostname -s)
  port=$(free_ports)
  {
    cat <<CONF
ClusterName=private
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/%n.log
# PMIx keeps one socket folder a node: the virtual nodes must not share it.
TmpFS=$dir/tmp/%n
MpiDefault=pmix
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog=$dir/task_prolog
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
PreemptType=preempt/none
JobRequeue=1
RequeueExit=75
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=5
MinJobAge=600
SlurmctldTimeout=30
SlurmdTimeout=30
CONF
    for ((i = 1; i <= nodes; i++)); do
      echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=$cpus" \
        "Boards=1 SocketsPerBoard=1 CoresPerSocket=$cpus ThreadsPerCore=1 RealMemory=4000"
    done
    echo "PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP"
  } >"$SLURM_CONF"
}

# Runs before each task and adds what it prints to the task's environment.
write_task_prolog() {
  cat >"$dir/task_prolog" <<PROLOG
#!/bin/sh
# One shared-memory folder a virtual node, or the segments of Open MPI collide.
echo "export OMPI_MCA_btl_vader_backing_directory=$dir/shm/\$SLURMD_NODENAME"
# More virtual CPUs than cores: a waiting rank has to give way.
echo "export OMPI_MCA_mpi_yield_when_idle=1"
PROLOG
  chmod +x "$dir/task_prolog"
}

start() {
  local i
  mkdir -p "$dir"/{munge,log,state,spool,run,tmp}
  ln -sfn "$(mktemp -d /dev/shm/private_slurm.XXXXXX)" "$dir/shm"
  for ((i = 1; i <= nodes; i++)); do mkdir -p "$dir"/{spool,tmp,shm}/"n$i"; done
  (umask 077 && head -c 128 /dev/urandom >"$dir/munge/key")
  write_configuration
  write_task_prolog
  # --force: root, and a socket below a folder that all may write.
  munged --force --num-threads=2 --key-file="$dir/munge/key" --socket="$dir/munge/socket" \
    --seed-file="$dir/munge/seed" --pid-file="$dir/run/munged.pid" \
    --log-file="$dir/log/munged.log" 2>>"$dir/log/start.log"
  slurmctld -c -f "$SLURM_CONF" 2>>"$dir/log/start.log"
  for ((i = 1; i <= nodes; i++)); do slurmd -N "n$i" -f "$SLURM_CONF" 2>>"$dir/log/start.log"; done
}

wait_until_idle() {
  for _ in $(seq 900); do
    if [ "$(timeout 10 sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = "$nodes" ]; then return 0; fi
    sleep 0.1
  done
  return 1
}

up() {
  check_machine
  [ ! -e "$SLURM_CONF" ] || { echo "$self: $dir is in use" >&2; exit 1; }
  # A start that fails halfway leaves nothing running.
  trap '[ -n "$is_up" ] || down' EXIT
  start
  printf 'export SLURM_CONF=%q\n' "$SLURM_CONF" >"$dir/env"
  if ! wait_until_idle; then
    echo "$self: Slurm did not come up; the ends of its logs:" >&2
    tail -n 10 "$dir"/log/*.log >&2
    exit 1
  fi
  is_up=yes
}

# TERM to the processes of the pid files given, KILL to those that stay for ten seconds.
stop() {
  local file pid alive pids=()
  for file; do
    [ -s "$file" ] && pid=$(<"$file") && kill -TERM "$pid" 2>/dev/null && pids+=("$pid")
  done
  for _ in $(seq 100); do
    alive=0
    for pid in ${pids[@]+"${pids[@]}"}; do kill -0 "$pid" 2>/dev/null && alive=1; done
    [ $alive = 1 ] || return 0
    sleep 0.1
  done
  kill -KILL "${pids[@]}" 2>/dev/null || true
}

down() {
  set +e
  if [ -s "$dir/run/slurmctld.pid" ] && kill -0 "$(<"$dir/run/slurmctld.pid")" 2>/dev/null; then
    timeout 5 scancel --full --user root 2>/dev/null
    # A step that outlives its slurmd is never cleaned up.
    for _ in $(seq 50); do
      [ -z "$(timeout 3 squeue -h 2>/dev/null)" ] && break
      sleep 0.1
    done
  fi
  stop "$dir"/run/n*.pid "$dir/run/slurmctld.pid"
  stop "$dir/run/munged.pid"
  [ ! -L "$dir/shm" ] || rm -rf "$(readlink "$dir/shm")" "$dir/shm"
  rm -rf "$dir"/{munge,state,spool,run,tmp,env,slurm.conf,task_prolog}
}

case $action in
  up) up ;;
  down) down ;;
  *) usage ;;
esac
