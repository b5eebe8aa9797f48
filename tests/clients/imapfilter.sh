#!/usr/bin/env bash
# imapfilter: lists, searches, moves, copies, flags, deletes, reads parts, makes and renames mailboxes.
needs="imapfilter openssl"
. "$(dirname "$0")/server.sh"

deliver INBOX 1 2 3 4 5
mkdir "$work/trust"
cp "$ca" "$work/trust/$(openssl x509 -hash -noout -in "$ca").0"
cat > "$work/rules.lua" <<LUA
options.timeout = 60
options.create = true
options.subscribe = true
options.close = true
options.expunge = true
options.certificates = true
options.starttls = true
options.range = 2
local function rules(port, tls)
  local account = IMAP { server = 'localhost', port = port, username = 'test', password = 'secret', ssl = tls }
  local inbox = account.INBOX
  local exist, unread, fresh, uidnext = inbox:check_status()
  local mailboxes, folders = account:list_all()
  print('mailboxes ' .. #mailboxes .. ' letters ' .. exist)
  return account, inbox
end
local account, inbox = rules($tls_port, 'auto')
print(inbox:match_body('Hello 1')[1][2] and 'read' or 'not read')
print(inbox:contain_subject('letter 1') and 'searched')
inbox:contain_subject('letter 1'):mark_flagged()
inbox:contain_subject('letter 2'):move_messages(account['Listen/Ä & Ö'])
inbox:contain_subject('letter 3'):copy_messages(account.Archive)
inbox:contain_subject('letter 4'):delete_messages()
inbox:contain_from('a5@example.org'):add_flags({ 'Work', '\\\\Answered' })
print(inbox:has_keyword('Work')[1] and 'keyword')
account:create_mailbox('Old')
account:rename_mailbox('Old', 'New')
account:subscribe_mailbox('New')
account:delete_mailbox('New')
account:unsubscribe_mailbox('New')
rules($port, nil)
print('done')
LUA
timeout 60 imapfilter -c "$work/rules.lua" -t "$work/trust" < /dev/null > "$work/out" 2>&1 || fail "imapfilter: $(cat "$work/out")"
for word in 'letters 5' '^read' searched keyword 'letters 3' 'done'; do
  grep -q "$word" "$work/out" || fail "no '$word': $(cat "$work/out")"
done
[ "$(count INBOX)" = 3 ] || fail "INBOX should hold three letters"
[ "$(count INBOX FLAGGED)$(count INBOX ANSWERED)" = 11 ] || fail "no flags"
[ "$(count Archive)" = 1 ] || fail "Archive should hold one letter"
nothing_refused TRYCREATE
echo "imapfilter: listed, searched, read, moved, copied, flagged, deleted, made mailboxes over TLS and STARTTLS"
