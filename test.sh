#!/bin/bash
# Builds everything, runs every test against real servers, stops what it started, and ends with "N passed, N failed, N skipped".
#   ./test.sh                  everything
#   ./test.sh upload           only tests whose name contains "upload"
#   ./test.sh --soak           also the long runs, an hour or two: the kill under load twenty times on end, a kill before every step and
#                              not only before a third of those that change something, the store silent for 20 s, silos killed for minutes
set -uo pipefail
cd "$(dirname "$0")"

FILTER=
LIMIT=780
for argument in "$@"; do
  case $argument in
    --soak) export EDNA_TEST_SOAK=1 LIMIT=5400 ;;
    -h | --help) sed -n '2,6s/^# //p' "$0"; exit 0 ;;
    -*) echo "Unknown option: $argument" >&2; exit 2 ;;
    *) FILTER=$argument ;;
  esac
done

WORK=$(mktemp -d "${TMPDIR:-/tmp}/edna-test.XXXXXX")
SKIPPED=()
RUNNING=
. eng/referees.sh

stop() {
  trap - EXIT INT TERM HUP
  [ -n "$RUNNING" ] && kill $RUNNING 2>/dev/null && wait $RUNNING 2>/dev/null
  stop_compiler
  stop_referees
  rm -rf "$WORK"
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM HUP

# In the background and waited for, so that a signal is acted upon at once and not when the command has ended.
run() {
  "$@" </dev/null &
  RUNNING=$!
  wait "$RUNNING"
  local result=$?
  RUNNING=
  return $result
}

stop_compiler() { [ -f "$WORK/build.log" ] && dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1; }

give_up() {
  echo "$1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

command -v dotnet >/dev/null || give_up "dotnet is not installed. Install the SDK that global.json names: https://dot.net"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Watching code to compile it better later pays off in processes that live longer than a test's: without it the gateway's tests take a fifth less of the processor.
export DOTNET_TieredPGO=0

# One compiler for all projects takes a third of the time. It would outlive the build, and keep this script's output open.
BUILD=(-nodeReuse:false -p:UseSharedCompilation=true -v:quiet)
echo "Restoring and building…"
run dotnet restore Edna.sln "${BUILD[@]}" || run dotnet restore Edna.sln --no-http-cache "${BUILD[@]}" || give_up "The packages do not restore."
run dotnet build Edna.sln -c Release --no-restore "${BUILD[@]}" >"$WORK/build.log" 2>&1
BUILT=$?
cat "$WORK/build.log"
stop_compiler
[ "$BUILT" -eq 0 ] || give_up "The build failed."

start_ceph
start_oidc
start_sqs
start_dynamo

# Twice what the slowest project takes: beyond that, something hangs.
run_tests() {
  local name=$1 program=tests/$1/bin/Release/net10.0/$1.dll
  local filter=()
  [ -n "$FILTER" ] && filter=(-method "*$FILTER*")
  echo "— $name"
  run timeout --kill-after=20 "$LIMIT" dotnet "$program" -noLogo -noColor "${filter[@]}" -result-trx "$WORK/$name.trx"
  local result=$?
  # A run that ended without its results crashed or hung: that is a failure, whatever it had passed before.
  [ -s "$WORK/$name.trx" ] || printf 'Failed\t%s\tended with code %d and left no results\n' "$name" "$result" >>"$WORK/results"
}

# Projects one after the other, beside another lane: each tells what it has to tell when it has ended.
lane() {
  trap '[ -n "$RUNNING" ] && kill "$RUNNING" 2>/dev/null; exit 143' TERM
  trap - EXIT INT HUP
  RUNNING=
  local project
  for project in "$@"; do
    run_tests "$project" >"$WORK/$project.log" 2>&1
    cat "$WORK/$project.log"
  done
}

: >"$WORK/results"
run_tests Edna.EndToEnd.Tests
# What is left leaves a processor idle: some wait for their servers, others count.
lane Edna.Gateway.Tests Edna.Grains.Tests &
RUNNING=$!
lane Edna.Silo.Tests Edna.Search.Tests Edna.Deploy.Tests &
RUNNING+=" $!"
lane Edna.Storage.Tests &
RUNNING+=" $!"
wait $RUNNING
RUNNING=
for results in "$WORK"/*.trx; do [ -f "$results" ] && awk -f eng/trx-results.awk "$results" >>"$WORK/results"; done

count() { awk -F'\t' -v outcome="$1" '$1 == outcome { n++ } END { print n + 0 }' "$WORK/results"; }
list() { awk -F'\t' -v outcome="$1" '$1 == outcome { print "  " $2 ($3 == "" ? "" : ": " $3) }' "$WORK/results" | sort; }
PASSED=$(count Passed) FAILED=$(count Failed) NOT_RUN=$(count NotExecuted)

echo
[ "$NOT_RUN" -gt 0 ] && { echo "Skipped:"; list NotExecuted; }
for reason in "${SKIPPED[@]}"; do echo "Missing: $reason"; done
[ "$FAILED" -gt 0 ] && { echo "Failed:"; list Failed; }
stop
echo "$PASSED passed, $FAILED failed, $NOT_RUN skipped"
[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
