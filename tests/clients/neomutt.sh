#!/usr/bin/env bash
# neomutt by a script of its own keys: opens, lists, reads, flags, moves, expunges.
. "$(dirname "$0")/server.sh"

for i in 1 2 3; do
  printf 'From: a@example.org\r\nSubject: letter %d\r\n\r\nHello %d\r\n' "$i" "$i" > "$work/mail.eml"
  curl -sS --cacert "$ca" -u test:secret -T "$work/mail.eml" "imaps://localhost:$tls_port/INBOX" || fail "append"
done
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
TERM=xterm timeout 60 script -qec "neomutt -F $work/muttrc" /dev/null < /dev/null > "$work/screen" 2>&1 || fail "neomutt: $(tail -c 300 "$work/screen")"
fetch() { curl -sS --cacert "$ca" -u test:secret "imaps://localhost:$tls_port/$1" -X "$2"; }
grep -q 'Hello 1' "$work/read" || fail "letter 1 was not read"
fetch INBOX 'FETCH 1:* (FLAGS)' | grep -q 'Flagged' || fail "no flag"
[ "$(fetch INBOX 'SEARCH ALL' | tr -d '\r\n')" = '* SEARCH 1' ] || fail "INBOX should hold one letter"
[ "$(fetch Archive 'SEARCH ALL' | tr -d '\r\n')" = '* SEARCH 1' ] || fail "Archive should hold one letter"
grep -qE ' BAD ' "$work/log" && fail "the server refused something"
echo "neomutt: opened, listed, read, flagged, moved and expunged over TLS"
