#!/usr/bin/env bash
# fetchmail over TLS and STARTTLS: keeps, fetches, a second run that fetches nothing, IDLE; and it brings mail by LMTP.
needs=fetchmail
SETTINGS="lmtp-port=0 ${SETTINGS:-}"
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3
deliver Archive 9
mkdir "$work/fm"
configure() { # PORT OPTIONS [WHERE TO]
  local to="${3:-mda \"cat >> $work/fm/mbox\"}"
  cat > "$work/fm/rc" <<RC
poll localhost service $1 protocol imap
  user test password secret $2 sslcertck sslcertfile $ca sslcommonname localhost
  $to
RC
  chmod 600 "$work/fm/rc"
}
run() { # EXPECTED STATUS, ARGUMENTS
  local want=$1 status=0
  shift
  FETCHMAILHOME=$work/fm timeout 60 fetchmail -f "$work/fm/rc" -i "$work/fm/ids" --pidfile "$work/fm/pid" --nosyslog -v "$@" > "$work/out" 2>&1 || status=$?
  [ "$status" = "$want" ] || fail "fetchmail ended with $status: $(cat "$work/out")"
}

configure "$tls_port" "ssl keep"
run 0
[ "$(grep -c '^Hello' "$work/fm/mbox")" = 3 ] || fail "not three letters"
run 1 # nothing new
configure "$port" "sslproto TLS1.2+ fetchall nokeep folder INBOX, Archive"
: > "$work/fm/mbox"
run 0
[ "$(grep -c '^Hello' "$work/fm/mbox")" = 4 ] || fail "not four letters"
[ "$(count INBOX)$(count Archive)" = 00 ] || fail "letters were left"

# One that waits
configure "$tls_port" "ssl nokeep idle folder INBOX"
: > "$work/fm/mbox"
FETCHMAILHOME=$work/fm fetchmail -f "$work/fm/rc" -i "$work/fm/ids" --pidfile "$work/fm/pid" --nodetach --nosyslog -v -d 300 > "$work/out" 2>&1 &
client=$!
wait_for 20 logged 'C: [^ ]+ IDLE' || fail "fetchmail does not idle: $(cat "$work/out")"
deliver INBOX 7
wait_for 20 grep -q 'Hello 7' "$work/fm/mbox" || fail "the new letter was not fetched: $(cat "$work/out")"
wait_for 20 logged ' EXPUNGE OK.*' || fail "no expunge"
gone() { [ "$(count INBOX)" = 0 ]; }
wait_for 20 gone || fail "the letter was left"
kill "$client"
wait "$client" || true

# Brings to INBOX by LMTP what is in Archive
lmtp_port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\) (LMTP).*/\1/p' "$work/log")
deliver Archive 1 2 3
configure "$tls_port" "ssl nokeep fetchall folder Archive" "lmtp smtphost 127.0.0.1/$lmtp_port smtpname test"
run 0
[ "$(count Archive)$(count INBOX)$(count INBOX 'HEADER Received "with LMTP"')" = 033 ] || fail "not three letters by LMTP: $(cat "$work/out")"
nothing_refused
echo "fetchmail: fetched and kept, nothing the second time, two mailboxes over STARTTLS, one letter by IDLE; brought three by LMTP"
