#!/usr/bin/env bash
# curl over imaps:// and STARTTLS: appends, lists, reads, searches, with the certificate verified.
. "$(dirname "$0")/server.sh"

printf 'From: a@example.org\r\nSubject: from curl\r\n\r\nHello\r\n' > "$work/mail.eml"
secure -T "$work/mail.eml" "imaps://localhost:$tls_port/INBOX" || fail "append over TLS"
secure --ssl-reqd -T "$work/mail.eml" "imap://localhost:$port/Archive" || fail "append over STARTTLS"
secure "imaps://localhost:$tls_port/INBOX;UID=1" | cmp - "$work/mail.eml" || fail "INBOX differs"
secure --ssl-reqd "imap://localhost:$port/Archive;UID=1" | cmp - "$work/mail.eml" || fail "Archive differs"
secure "imaps://localhost:$tls_port/" | grep -q Drafts || fail "no list"
secure "imaps://localhost:$tls_port/INBOX?SUBJECT%20CURL" | grep -q 'SEARCH 1' || fail "no hit"
if curl -sS -u test:secret "imap://localhost:$port/INBOX" > "$work/out" 2>&1; then fail "a password was taken in the clear"; fi
if curl -sS --cacert "$ca" -u test:wrong "imaps://localhost:$tls_port/" > "$work/out" 2>&1; then fail "a wrong password was taken"; fi
logged 'login failed.*user="test".*mechanism=PLAIN tls=TLSv1.[23] reason=' || fail "the log does not tell why a login was refused"
echo "curl: append, fetch, list, search over imaps:// and STARTTLS, certificate verified; refused in the clear"
