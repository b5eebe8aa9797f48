#!/usr/bin/env bash
# s-nail: lists, reads, flags, copies, moves, deletes.
needs=s-nail
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3 4
cat > "$work/mailrc" <<RC
set v15-compat
set folder=imaps://test:secret@localhost:$tls_port
set tls-ca-file=$ca tls-ca-no-defaults tls-verify=strict
set noheader quiet
RC
MAILRC=$work/mailrc timeout 60 s-nail -n -R -H -f "imaps://test:secret@localhost:$tls_port/INBOX" > "$work/out" 2>&1 < /dev/null \
  || fail "s-nail: $(cat "$work/out")"
[ "$(grep -c 'letter [1-4]' "$work/out")" = 4 ] || fail "no list: $(cat "$work/out")"
MAILRC=$work/mailrc timeout 60 s-nail -n -N -f "imaps://test:secret@localhost:$tls_port/INBOX" > "$work/out" 2>&1 <<KEYS || fail "s-nail: $(cat "$work/out")"
folders @
search @subject@"letter 2"
type 1
flag 1
copy 2 imaps://test:secret@localhost:$tls_port/Archive
move 3 imaps://test:secret@localhost:$tls_port/Trash
delete 4
newmail
quit
KEYS
grep -q 'Drafts' "$work/out" || fail "no folders: $(cat "$work/out")"
grep -q 'Hello 1' "$work/out" || fail "letter 1 was not read"
[ "$(count INBOX FLAGGED)" = 1 ] || fail "no flag"
[ "$(count INBOX)" = 2 ] || fail "INBOX should hold two letters"
[ "$(count Archive)" = 1 ] || fail "Archive should hold one letter"
[ "$(count Trash)" = 1 ] || fail "Trash should hold one letter"
nothing_refused
echo "s-nail: listed, read, flagged, copied, moved and expunged over TLS"
