# Sourced by the scripts beside it: starts a server of its own on free loopback ports in a temporary
# folder with the account test/secret, and stops it at the end. Needs the path of the program in $1.
set -euo pipefail

postnook=$(realpath "${1:?usage: $0 PATH/TO/postnook}")
work=$(mktemp -d)
cat > "$work/postnook.ini" <<INI
bind-addr=127.0.0.1
bind-port=0
bind-port-tls=0
data-dir=$work/data
log-level=debug
INI

stop_server() {
  if [ -n "${server_pid:-}" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
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
  tail -n 20 "$work/log" >&2
  exit 1
}
