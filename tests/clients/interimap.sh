#!/usr/bin/env bash
# interimap keeps two accounts alike by QRESYNC: both on Postnook, and where Dovecot is installed (and we are root) one there,
# as the near and as the far side. interimap.py says what happens to them. SEED=N: another course of events.
needs=interimap
here=$(realpath "$(dirname "$0")")
. "$here/server.sh"

for user in a b c d; do
  printf 'secret\n' | "$postnook" --config "$work/postnook.ini" account add "$user" --password-stdin || fail "no account $user"
done
export PYTHONDONTWRITEBYTECODE=1
with() { # NEAR FAR
  timeout 900 python3 "$here/interimap.py" "$work" "$port" "$ca" "$@" > "$work/out" 2>&1 || fail "interimap: $(tail -n 30 "$work/out")"
}
with postnook/a postnook/b
if command -v dovecot > /dev/null && [ "$(id -u)" = 0 ]; then
  with postnook/c dovecot/c
  with dovecot/d postnook/d
  far=" and Dovecot, on either side"
fi
logged 'C: [^ ]+ COMPRESS DEFLATE' || fail "it did not compress"
nothing_refused
echo "interimap: flags, keywords, expunges, moves, renames, new mailboxes and subscriptions of two accounts of Postnook${far:-}: alike after each run, a last run does nothing"
