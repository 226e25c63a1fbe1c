#!/usr/bin/env bash
# A demonstration runs through and finds the places one expects.
#
#   demo_runs.sh PROGRAM NAME      exit 77 where its input is not on this machine
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TRADEGRAPH=$(readlink -f "$1")
name=$2
DEMO_OUTPUT=$(mktemp -d "${TMPDIR:-/tmp}/tradegraph_demo.XXXXXX")
export TRADEGRAPH DEMO_OUTPUT
trap 'rm -rf "$DEMO_OUTPUT"' EXIT

"$root/app/demo/run.sh" "$name" | tee "$DEMO_OUTPUT/shown"

expect() {
  grep -q "$1" "$DEMO_OUTPUT/shown" || { echo "FAILED: '$1' is not shown" >&2; exit 1; }
}
# Planted clusters, or members of one, as the table shows them.
case $name in
  nation)
    expect '^38 of 38 found; 3[6-9] clusters selected in all'
    expect '^Busan-Ulsan-Gyeongnam shipbuildi .* yes$' ;;
  korea)
    expect 'Seoul, Incheon, Suwon'
    expect 'Busan, Ulsan'
    expect 'Daegu, Gyeongsan' ;;
  ror)
    expect 'Sorbonne Université, Université Paris'
    expect 'University of Lisbon, Universidade Nova' ;;
  small)
    [ "$(wc -l <"$DEMO_OUTPUT/small/results/clusters.csv")" -ge 9 ] ||
      { echo "FAILED: too few clusters" >&2; exit 1; } ;;
esac
