#!/usr/bin/env bash
# Starts a Ceph object gateway for tests: one monitor, one OSD that keeps everything in memory, one gateway, all on loopback.
# Returns when the gateway answers S3 requests.
#
#   eng/ceph-up.sh DIR [S3_PORT] [MON_PORT]
#
# DIR         a new directory for its configuration, logs and process ids; eng/ceph-down.sh DIR stops it and removes DIR
# S3_PORT     where the gateway listens (default 7480)
# MON_PORT    where the monitor listens (default 3300)
# EDNA_TEST_S3_KEY, EDNA_TEST_S3_SECRET   the user it makes (default ednatest, ednatestsecret)
#
# Debian, Ubuntu: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common
set -euo pipefail

if [[ $# -lt 1 ]]; then
  sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
for program in ceph ceph-mon ceph-osd radosgw radosgw-admin curl; do
  command -v "$program" >/dev/null || { echo "ceph-up: $program is not installed" >&2; exit 3; }
done

mkdir -p "$1"
dir=$(cd "$1" && pwd)
s3_port=${2:-7480}
mon_port=${3:-3300}
key=${EDNA_TEST_S3_KEY:-ednatest}
secret=${EDNA_TEST_S3_SECRET:-ednatestsecret}
fsid=$(cat /proc/sys/kernel/random/uuid)
osd_id=$(cat /proc/sys/kernel/random/uuid)
mkdir "$dir/monitor" "$dir/store" "$dir/state"

export CEPH_CONF="$dir/ceph.conf"
{
  echo "[global]"
  printf '%s = %s\n' \
    "fsid" "$fsid" \
    "mon host" "v2:127.0.0.1:$mon_port/0" \
    "auth cluster required" "none" \
    "auth service required" "none" \
    "auth client required" "none" \
    "run dir" "$dir/state" \
    "crash dir" "$dir/state" \
    "admin socket" "$dir/state/\$name.socket" \
    "pid file" "$dir/state/\$name.pid" \
    "log file" "$dir/state/\$name.log" \
    "mon allow pool size one" "true" \
    "mon data avail crit" "1" \
    "osd pool default size" "1" \
    "osd pool default pg num" "1" \
    "osd pool default pg autoscale mode" "off" \
    "paxos propose interval" "0.02"
  echo "[mon]"
  printf '%s = %s\n' "mon data" "$dir/monitor" "public addrv" "v2:127.0.0.1:$mon_port/0"
  echo "[osd]"
  printf '%s = %s\n' \
    "osd data" "$dir/store" \
    "osd objectstore" "memstore" \
    "memstore device bytes" "$((4 << 30))" \
    "public addr" "127.0.0.1" \
    "cluster addr" "127.0.0.1"
  echo "[client]"
  # Bytes of removed objects are freed at once, not after two hours: they lie in memory.
  printf '%s = %s\n' "ms mon client mode" "crc" "rgw frontends" "beast endpoint=127.0.0.1:$s3_port" \
    "rgw gc obj min wait" "1" "rgw gc processor period" "1" "rgw gc processor max time" "60"
} >"$CEPH_CONF"

quietly() {
  if ! "$@" >>"$dir/state/start.log" 2>&1; then
    echo "ceph-up: '$1' failed; the end of $dir/state/start.log:" >&2
    tail -n 20 "$dir/state/start.log" >&2
    exit 1
  fi
}

quietly ceph-mon --id a --mkfs
quietly ceph-mon --id a
quietly ceph osd new "$osd_id"
quietly ceph-osd --id 0 --mkfs --osd-uuid "$osd_id"
quietly ceph-osd --id 0
quietly radosgw-admin user create --uid edna-test --display-name "EDNA tests" --access-key "$key" --secret-key "$secret"
quietly radosgw --name client.gateway

deadline=$((SECONDS + 30))
until curl --silent --fail --output /dev/null "http://127.0.0.1:$s3_port/"; do
  if ((SECONDS > deadline)); then
    echo "ceph-up: nothing answers on port $s3_port; see $dir/state" >&2
    exit 1
  fi
  sleep 0.1
done
echo "http://127.0.0.1:$s3_port"
