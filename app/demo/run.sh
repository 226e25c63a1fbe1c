#!/usr/bin/env bash
# The demonstration: input, converted where it is real, through the whole study on two ranks, and shown.
#
#   app/demo/run.sh [nation|airports|ror|korea|small]      (by way of ./dev demo)
#
#   nation     two years of a synthetic nation of 100,000 firms, with its truth; needs no network
#   airports   US airports and flights, fetched from the package registry; without a network: small
#   ror        Europe's research organisations, from ../shared/data/ror_orgs
#   korea      Korea's cities and passengers, from ../shared/data/korea_od_sigun
#   small      a made-up nation
#
# Environment: TRADEGRAPH (the program), DEMO_OUTPUT (where the files go; default demo-output),
# TRADEGRAPH_SHARED_DATA (instead of ../shared/data). Exit 77: the input is not on this machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
program=${TRADEGRAPH:-$root/build/release/tradegraph}
shared=${TRADEGRAPH_SHARED_DATA:-$root/../shared/data}
output=${DEMO_OUTPUT:-$root/demo-output}

# The one package that is fetched, and what it must be.
package=vega-datasets@3.2.1
archive=vega-datasets-3.2.1.tgz
sha512=lTSwZA6yq6qSU2YZm+6bqILiIvTPPxn4itir7jPGFmHIdPvUfQ9pCzzcrklYywMJgLUbaIeSkZQdiJd6wBxPug==

digest() {
  python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$1"
}

# Leaves the package in the cache folder, or fails saying why.
fetch_package() {
  local cache=$1
  mkdir -p "$cache"
  if [ ! -s "$cache/$archive" ]; then
    command -v npm >/dev/null || { echo "demo: npm is not installed" >&2; return 1; }
    echo "demo: fetching $package (17 MB)" >&2
    (cd "$cache" && timeout 180 npm pack --silent --fetch-retries=1 --fetch-timeout=60000 "$package") \
      >/dev/null 2>&1 || { echo "demo: could not fetch $package: no network?" >&2; return 1; }
  fi
  if [ "$(digest "$cache/$archive")" != "$sha512" ]; then
    rm -f "$cache/$archive"
    echo "demo: $archive is not the file that was pinned; removed" >&2
    return 1
  fi
}

airports() {
  local cache=$output/cache
  fetch_package "$cache" || return 1
  tar -xzf "$cache/$archive" -C "$cache" package/data/airports.csv package/data/flights-airport.csv
  python3 "$here/airports.py" "$cache/package/data/airports.csv" \
    "$cache/package/data/flights-airport.csv" "$1" 2008
}

from_shared() {
  local source=$1 converter=$2 folder=$3 year=$4
  if [ ! -d "$shared/$source" ]; then
    echo "demo: $shared/$source is not on this machine" >&2
    exit 77
  fi
  python3 "$here/$converter" "$shared/$source" "$folder" "$year"
}

small() { "$root/tests/support/small_network.py" "$1"; }

nation() {
  mpirun -n 2 --oversubscribe --bind-to none "$program" synth --firms 100000 --years 2010,2020 --seed 1 \
    -o "$1" </dev/null
}

name=${1:-nation}
case $name in nation | airports | ror | korea | small) ;; *)
  echo "demo: no demonstration '$name'; there are: nation, airports, ror, korea, small" >&2
  exit 2 ;;
esac
folder=$output/$name
mkdir -p "$folder"
case $name in
  nation) nation "$folder" ;;
  airports)
    if ! airports "$folder"; then
      echo "demo: running on a small made-up nation instead" >&2
      exec "${BASH_SOURCE[0]}" small
    fi ;;
  ror) from_shared ror_orgs ror.py "$folder" 2026 ;;
  korea) from_shared korea_od_sigun korea.py "$folder" 2023 ;;
  small) small "$folder" ;;
esac
[ "$name" = nation ] || cp "$here/studies/$name.toml" "$folder/study.toml"

threads=$(($(nproc) > 2 ? $(nproc) / 2 : 1))
mpirun -n 2 --oversubscribe --bind-to none "$program" run "$folder/study.toml" \
  -o "$folder/results" --threads "$threads" </dev/null
case $name in
  nation) python3 "$here/truth.py" "$folder" ;;
  *) python3 "$here/show.py" "$folder" ;;
esac
echo
echo "The results as one page: $folder/results/report.html"
echo "Files, in $folder: study.toml and the input tables; in results/:"
find "$folder/results" -maxdepth 1 -type f -printf "  %f\n" | sort
