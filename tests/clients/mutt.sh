#!/usr/bin/env bash
# mutt, with its keys from a script and compressed: reads, flags, moves, deletes, makes mailboxes; a second start with the header
# cache; INBOX in another case; IDLE.
needs="mutt script"
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3 4
mkdir "$work/cache"
configure() { # SPOOLFILE KEYS
  cat > "$work/muttrc" <<RC
set folder=imaps://localhost:$tls_port/
set imap_user=test imap_pass=secret
set spoolfile=imaps://localhost:$tls_port/$1
set ssl_ca_certificates_file=$ca certificate_file=$ca ssl_verify_dates=yes ssl_verify_host=yes
set header_cache=$work/cache/ message_cachedir=$work/cache/
set imap_idle=yes imap_condstore=yes imap_qresync=yes imap_check_subscribed=yes imap_list_subscribed=no
set confirmappend=no confirmcreate=no delete=yes quit=yes move=no wait_key=no timeout=2 mail_check=1
set copy=no record= sort=mailbox-order charset=utf-8 assumed_charset=utf-8
set pipe_decode=yes resolve=no imap_deflate=yes
push "$2"
RC
}
run() {
  (cd "$work" && TERM=xterm LC_ALL=C.UTF-8 timeout 60 script -qec "mutt -F $work/muttrc" /dev/null) > "$work/screen" 2>&1
}

configure INBOX "<first-entry><pipe-message>cat > $work/read<enter><flag-message><next-entry><save-message>=Archive<enter><next-entry><save-message>=Entw&uuml;rfe/Neu<enter><last-entry><delete-message><sync-mailbox><change-folder>?<exit><quit>"
sed -i 's/&uuml;/ü/' "$work/muttrc"
run < /dev/null || fail "mutt: $(tail -c 300 "$work/screen")"
grep -q 'Hello 1' "$work/read" || fail "letter 1 was not read"
[ "$(count INBOX FLAGGED)" = 1 ] || fail "no flag"
[ "$(count INBOX)" = 1 ] || fail "INBOX should hold one letter"
[ "$(count Archive)" = 1 ] || fail "Archive should hold one letter"
[ "$(count 'Entw%26APw-rfe/Neu')" = 1 ] || fail "the new mailbox should hold one letter"

# Again: what is in the cache is not asked for; then a letter comes while mutt waits
before=$(wc -l < "$work/log")
mkfifo "$work/keys"
configure INBOX ""
run < "$work/keys" &
client=$!
exec 3> "$work/keys"
since() { tail -n "+$((before + 1))" "$work/log" | grep -aqE -- "$1"; }
wait_for 20 since 'C: [^ ]+ IDLE' || fail "mutt does not idle: $(tail -c 300 "$work/screen")"
since 'BODY.PEEK\[HEADER' && fail "mutt read headers that it has"
deliver INBOX 5
wait_for 20 since 'BODY.PEEK\[HEADER' || fail "mutt did not see the new letter"
printf 'q' >&3
exec 3>&-
wait "$client" || fail "mutt: $(tail -c 300 "$work/screen")"

# The mailbox has one name in any case
configure Inbox "<quit>"
run < /dev/null || fail "mutt: $(tail -c 300 "$work/screen")"
logged 'C: [^ ]+ SELECT "Inbox"' || fail "mutt did not open Inbox"
[ "$(count INBOX)" = 2 ] || fail "INBOX should hold two letters"
logged 'C: [^ ]+ COMPRESS DEFLATE' || fail "it did not compress"
nothing_refused 'TRYCREATE|STATUS NO .NONEXISTENT'
echo "mutt: read, flagged, moved, made a mailbox, expunged; second start from its cache; saw new mail by IDLE; all compressed"
