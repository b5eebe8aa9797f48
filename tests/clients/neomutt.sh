#!/usr/bin/env bash
# neomutt by a script of its own keys: opens, lists, reads, flags, moves, expunges.
needs="neomutt script"
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3
cat > "$work/muttrc" <<RC
set folder=imaps://localhost:$tls_port/
set imap_user=test imap_pass=secret
set spoolfile=+INBOX
set ssl_ca_certificates_file=$ca certificate_file=$ca ssl_verify_host=no
unset header_cache
set confirmappend=no confirmcreate=no delete=yes quit=yes move=no wait_key=no timeout=2
set copy=no record= sort=mailbox-order
set pipe_decode=yes resolve=no
push "<first-entry><pipe-message>cat > $work/read<enter><flag-message><next-entry><save-message>=Archive<enter><last-entry><delete-message><sync-mailbox><quit>"
RC
cd "$work" # where it makes a file of its own
TERM=xterm timeout 60 script -qec "neomutt -F $work/muttrc" /dev/null < /dev/null > "$work/screen" 2>&1 || fail "neomutt: $(tail -c 300 "$work/screen")"
grep -q 'Hello 1' "$work/read" || fail "letter 1 was not read"
[ "$(count INBOX FLAGGED)" = 1 ] || fail "no flag"
[ "$(count INBOX)" = 1 ] || fail "INBOX should hold one letter"
[ "$(count Archive)" = 1 ] || fail "Archive should hold one letter"
nothing_refused
echo "neomutt: opened, listed, read, flagged, moved and expunged over TLS"
