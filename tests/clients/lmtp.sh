#!/usr/bin/env bash
# Python's smtplib brings mail by LMTP: for several recipients, one of whom is unknown, in UTF-8, with dots, a large one.
SETTINGS="lmtp-port=0 ${SETTINGS:-}"
. "$(dirname "$0")/server.sh"

lmtp_port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\) (LMTP).*/\1/p' "$work/log")
timeout 60 python3 - "$ca" "$tls_port" "$lmtp_port" > "$work/out" 2>&1 <<'PY' || fail "smtplib: $(cat "$work/out")"
import imaplib, smtplib, ssl, sys

ca, port, lmtp_port = sys.argv[1:]
large = b'Subject: large\r\n\r\n' + b'.dots in front\r\n' * 200_000
with smtplib.LMTP('127.0.0.1', int(lmtp_port)) as server:
    server.ehlo()
    assert server.has_extn('pipelining') and server.has_extn('enhancedstatuscodes') and server.has_extn('8bitmime')
    refused = server.sendmail('eve@example.org', ['test@example.org', 'nobody@example.org'],
                              'Subject: Grüße\r\n\r\n.\r\ntext\r\n'.encode(), ['BODY=8BITMIME'])
    assert list(refused) == ['nobody@example.org'] and refused['nobody@example.org'][0] == 550, refused
    # It knows of one reply at the end alone.
    assert server.mail('eve@example.org')[0] == 250
    assert [server.rcpt(to)[0] for to in ('test+archive@example.org', 'test+Sent')] == [250, 250]
    assert [server.data(b'Subject: two\r\n\r\ntext\r\n')[0], server.getreply()[0]] == [250, 250]
    assert server.sendmail('ève@example.org', 'test@münchen.example', b'Subject: utf8\r\n\r\ntext\r\n', ['SMTPUTF8']) == {}
    assert server.sendmail('', 'test', large) == {}

with imaplib.IMAP4_SSL('localhost', int(port), ssl_context=ssl.create_default_context(cafile=ca)) as server:
    server.login('test', 'secret')
    server.select('INBOX')
    texts = [server.fetch(str(n), '(BODY.PEEK[])')[1][0][1] for n in (1, 2, 3)]
    assert texts[0].endswith('\r\nSubject: Grüße\r\n\r\n.\r\ntext\r\n'.encode()), texts[0]
    assert texts[0].startswith(b'Return-Path: <eve@example.org>\r\nReceived: from '), texts[0]
    assert 'Return-Path: <ève@example.org>'.encode() in texts[1] and b' with UTF8LMTP\r\n' in texts[1], texts[1]
    assert texts[2].startswith(b'Return-Path: <>\r\n') and texts[2].endswith(large)
    for mailbox in ('Archive', 'Sent'):
        server.select(mailbox)
        assert server.search(None, 'SUBJECT two')[1] == [b'1'], mailbox
PY
nothing_refused
echo "smtplib: brought letters by LMTP; the unknown recipient alone was refused"
