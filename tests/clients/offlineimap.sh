#!/usr/bin/env bash
# offlineimap3 between the server and a Maildir: both ways, new mailboxes, flags, deletions, and a last run that does
# nothing.
needs=offlineimap
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3 4 5
deliver Archive 6
mkdir -p "$work/mail"
cat > "$work/rc" <<RC
[general]
accounts = all
metadata = $work/state
ui = basic
[Account all]
localrepository = near
remoterepository = far
utf8foldernames = yes
[Repository near]
type = Maildir
localfolders = $work/mail
sync_deletes = yes
[Repository far]
type = IMAP
remotehost = localhost
remoteport = $tls_port
remoteuser = test
remotepass = secret
ssl = yes
sslcacertfile = $ca
usecompression = no
expunge = yes
RC
run() { timeout 60 offlineimap -c "$work/rc" -o > "$work/out" 2>&1 || fail "offlineimap: $(tail -n 20 "$work/out")"; }
letters() { find "$work/mail/$1" -type f -path '*/[cn]*/*' | wc -l; }

run
[ "$(letters INBOX)" = 5 ] || fail "not five letters: $(ls -R "$work/mail")"
[ "$(letters Archive)" = 1 ] || fail "not one letter in Archive"
# From this side: a new letter, a flag, a deletion, a new mailbox
letter 7 > "$work/mail/INBOX/new/1700000007.7.host"
first=$(grep -rl 'letter 1' "$work/mail/INBOX")
mv "$first" "$work/mail/INBOX/cur/$(basename "${first%%:2,*}"):2,FS"
rm "$(grep -rl 'letter 2' "$work/mail/INBOX")"
mkdir -p "$work/mail/Projekt Ä"/{cur,new,tmp}
letter 8 > "$work/mail/Projekt Ä/new/1700000008.8.host"
run
run
[ "$(count INBOX)" = 5 ] || fail "INBOX should hold five letters"
[ "$(count INBOX FLAGGED)$(count INBOX SEEN)" = 11 ] || fail "flags did not arrive"
[ "$(count 'Projekt%20%26AMQ-')" = 1 ] || fail "the new mailbox did not arrive"
# From the server
deliver INBOX 9
imap INBOX 'STORE 2 +FLAGS.SILENT (\Deleted \Answered)' > "$work/out"
imap INBOX 'EXPUNGE' > "$work/out"
run
[ "$(letters INBOX)" = 5 ] || fail "not five letters after changes on the server"
run
# Nothing is left to do
before=$(find "$work/mail" -type f | sort | sha256sum)
line=$(wc -l < "$work/log")
run
[ "$before" = "$(find "$work/mail" -type f | sort | sha256sum)" ] || fail "a last run changed the Maildirs"
tail -n "+$line" "$work/log" | grep -aE 'C: [^ ]+ (UID )?(APPEND|STORE|EXPUNGE|CREATE|FETCH [^ ]+ \(.*BODY)' \
  && fail "a last run did something"
grep -v Licensed "$work/out" | grep -iE 'warn|error|exception' && fail "offlineimap warns"
nothing_refused
echo "offlineimap3: both ways with a new mailbox, flags and deletions; a last run does nothing"
