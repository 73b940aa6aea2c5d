#!/usr/bin/env bash
# Stops what eng/ceph-up.sh started in a directory, and removes the directory.
#
#   eng/ceph-down.sh DIR
set -euo pipefail

dir=${1:?usage: eng/ceph-down.sh DIR}
[[ -f $dir/ceph.conf ]] || exit 0

# The gateway first, then what it stands on. Its data is in memory: there is nothing to flush.
for name in client.gateway osd.0 mon.a; do
  file="$dir/state/$name.pid"
  [[ -s $file ]] || continue
  pid=$(<"$file")
  kill -KILL "$pid" 2>/dev/null || continue
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
done
rm -rf -- "$dir"
