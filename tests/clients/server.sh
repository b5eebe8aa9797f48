# Sourced by the scripts beside it: starts a server of its own on free loopback ports in a temporary
# folder with the account test/secret, and stops it at the end. Needs the path of the program in $1.
# A script for a client that is not installed says so and exits with 77. KEEP_LOG=FILE keeps the
# server's log, which holds the whole dialogue; SETTINGS='KEY=VALUE...' adds to the server's settings.
set -euo pipefail

skip() {
  echo "SKIP: $*" >&2
  exit 77
}
for program in curl python3 ${needs:-}; do
  command -v "$program" > /dev/null || skip "$program is not installed"
done
postnook=$(realpath "${1:?usage: $0 PATH/TO/postnook}")
work=$(mktemp -d)
cat > "$work/postnook.ini" <<INI
bind-addr=127.0.0.1
bind-port=0
bind-port-tls=0
data-dir=$work/data
log-level=trace
INI
printf '%s\n' ${SETTINGS:-} >> "$work/postnook.ini"

stop_server() {
  if [ -n "${server_pid:-}" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
  if [ -n "${KEEP_LOG:-}" ]; then
    cp "$work/log" "$KEEP_LOG"
  fi
  rm -rf "$work"
}
trap stop_server EXIT

printf 'secret\n' | "$postnook" --config "$work/postnook.ini" account add test --password-stdin
"$postnook" --config "$work/postnook.ini" serve 2> "$work/log" &
server_pid=$!
for _ in $(seq 100); do
  grep -q '(TLS)' "$work/log" && break
  sleep 0.1
done
port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\) (STARTTLS).*/\1/p' "$work/log")
tls_port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\) (TLS).*/\1/p' "$work/log")
ca=$work/data/tls/ca.pem

fail() {
  echo "FAIL: $*" >&2
  grep -av ' postnook\.sql: ' "$work/log" | tail -n 20 >&2
  exit 1
}

secure() { curl -sS --cacert "$ca" -u test:secret "$@"; }
imap() { # MAILBOX COMMAND: what the server says to it, without carriage returns
  secure "imaps://localhost:$tls_port/$1" -X "$2" | tr -d '\r'
}
letter() { # NUMBER: a message
  printf 'From: Anna <a%d@example.org>\r\nTo: test@example.org\r\nSubject: letter %d\r\nMessage-ID: <%d@example.org>\r\nDate: Mon, 5 Jan 2026 10:00:%02d +0000\r\n\r\nHello %d\r\n' \
    "$1" "$1" "$1" $(($1 % 60)) "$1"
}
deliver() { # MAILBOX NUMBER...: unread messages, from outside the client
  local mailbox=$1 number
  shift
  for number in "$@"; do letter "$number" > "$work/letter.$number"; done
  python3 - "$ca" "$tls_port" "$mailbox" "${@/#/$work/letter.}" <<'PY' || fail "append to $mailbox"
import imaplib, ssl, sys
ca, port, mailbox = sys.argv[1:4]
with imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca)) as server:
    server.login("test", "secret")
    for path in sys.argv[4:]:
        assert server.append(mailbox, None, None, open(path, "rb").read())[0] == "OK"
PY
}
count() { # MAILBOX [SEARCH KEY]: how many messages there are
  imap "$1" "SEARCH ${2:-ALL}" | sed -n 's/^\* SEARCH//p' | wc -w
}
wait_for() { # SECONDS COMMAND...: until the command succeeds
  local tries=$(($1 * 5))
  shift
  for _ in $(seq "$tries"); do
    if "$@"; then return 0; fi
    sleep 0.2
  done
  return 1
}
# No command may have been refused, but for those whose line in the log matches the pattern in $1
nothing_refused() {
  local refused
  refused=$(grep -aE 'postnook\.session: [^"]* (NO|BAD) | S: \* (NO|BAD) ' "$work/log" | grep -avE "${1:-^$}" || true)
  [ -z "$refused" ] || fail "the server refused something: $(head -n 3 <<< "$refused")"
}
logged() { grep -aqE -- "$1" "$work/log"; } # a line of the server's log matches
