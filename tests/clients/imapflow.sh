#!/usr/bin/env bash
# The imapflow library for Node.js, found in NODE_PATH or in the folder NODE_MODULES: lists, opens, fetches with body
# structures, appends, flags, searches, moves, deletes, and is told of new mail while it idles.
needs=node
. "$(dirname "$0")/server.sh"

export NODE_PATH=${NODE_MODULES:-${NODE_PATH:-}} NODE_EXTRA_CA_CERTS=$ca
node -e 'require("imapflow")' 2> /dev/null || skip "imapflow is not installed (npm install imapflow, then set NODE_MODULES to its node_modules)"
deliver INBOX 1 2 3
cat > "$work/client.js" <<'JS'
const { ImapFlow } = require('imapflow');
const assert = require('assert');
const [port, tlsPort] = process.argv.slice(2).map(Number);
const problems = [];
const logger = { debug() {}, info() {}, warn: entry => problems.push(entry), error: entry => problems.push(entry) };
const open = async (port, secure) => {
    const client = new ImapFlow({ host: 'localhost', port, secure, doSTARTTLS: !secure, auth: { user: 'test', pass: 'secret' }, logger });
    client.on('error', error => problems.push(error));
    await client.connect();
    return client;
};
const all = async list => { const out = []; for await (const one of list) out.push(one); return out; };
const within = (ms, promise, what) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error('no ' + what)), ms))]);

(async () => {
    const client = await open(tlsPort, true);
    const boxes = await client.list({ statusQuery: { messages: true, unseen: true } });
    assert.deepStrictEqual(boxes.filter(box => box.specialUse).map(box => box.specialUse).sort(),
        ['\\Archive', '\\Drafts', '\\Inbox', '\\Junk', '\\Sent', '\\Trash']);
    assert.strictEqual(boxes.find(box => box.path === 'INBOX').status.messages, 3);
    const box = await client.mailboxOpen('INBOX');
    assert.strictEqual(box.exists, 3);
    const mail = 'From: b@example.org\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n'
        + 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nplain\r\n--x\r\n'
        + 'Content-Type: application/octet-stream; name="a b.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--x--\r\n';
    const stored = await client.append('INBOX', mail, ['\\Seen', '$Work'], new Date('2026-01-05T10:00:00Z'));
    assert.strictEqual(stored.uid, 4);
    const rows = await all(client.fetch('1:*', { uid: true, flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true, headers: ['subject'] }));
    assert.strictEqual(rows.length, 4);
    assert.strictEqual(rows[3].envelope.subject, 'Grüße');
    assert.deepStrictEqual(rows[3].bodyStructure.childNodes.map(part => part.type), ['text/plain', 'application/octet-stream']);
    assert(rows[3].flags.has('$Work'));
    assert.strictEqual(rows[3].internalDate.toISOString(), '2026-01-05T10:00:00.000Z');
    const part = await client.download('4', '2');
    assert.deepStrictEqual(Buffer.concat(await all(part.content)), Buffer.from([0, 1, 2]));
    assert.strictEqual((await client.fetchOne('4', { source: true })).source.toString(), mail);
    assert.deepStrictEqual(await client.search({ subject: 'letter 2' }, { uid: true }), [2]);
    assert.deepStrictEqual(await client.search({ subject: 'grüße' }, { uid: true }), [4]);
    assert(await client.messageFlagsAdd('1', ['\\Flagged'], { uid: true }));
    assert((await client.mailboxCreate(['Bücher', 'Ä & Ö'])).created);
    assert(await client.mailboxRename('Bücher/Ä & Ö', 'Bücher/Neu'));
    const moved = await client.messageMove('2', 'Bücher/Neu', { uid: true });
    assert.strictEqual(moved.uidMap.get(2), 1);
    const copied = await client.messageCopy('3', 'Archive', { uid: true });
    assert.strictEqual(copied.uidMap.get(3), 1);
    assert(await client.messageDelete('3', { uid: true }));
    assert.strictEqual((await client.status('Archive', { messages: true, uidNext: true })).messages, 1);
    assert.strictEqual(client.mailbox.exists, 2);

    // New mail from elsewhere, while this one idles
    const other = await open(port, false);
    const told = new Promise(resolve => client.once('exists', resolve));
    const gone = new Promise(resolve => client.once('expunge', resolve));
    client.idle();
    while (!client.idling) await new Promise(resolve => setTimeout(resolve, 20));
    await other.append('INBOX', mail);
    assert.strictEqual((await within(10000, told, 'notice of new mail')).count, 3);
    await other.mailboxOpen('INBOX');
    await other.messageDelete('1', { uid: true });
    assert.strictEqual((await within(10000, gone, 'notice of an expunge')).seq, 1);
    await other.logout();
    await client.mailboxDelete('Bücher/Neu');
    await client.logout();
    assert.deepStrictEqual(problems, []);
    console.log('client done');
})().catch(error => { console.error(error, problems); process.exit(1); });
JS
timeout 60 node "$work/client.js" "$port" "$tls_port" > "$work/out" 2>&1 || fail "imapflow: $(cat "$work/out")"
grep -q 'client done' "$work/out" || fail "imapflow: $(cat "$work/out")"
logged 'C: [^ ]+ IDLE' || fail "it did not idle"
logged 'C: [^ ]+ COMPRESS DEFLATE' || fail "it did not compress"
[ "$(count INBOX)" = 2 ] || fail "INBOX should hold two letters"
nothing_refused
echo "imapflow: listed, fetched, appended, searched, moved, copied, deleted; told of new mail and of an expunge by IDLE; all compressed"
