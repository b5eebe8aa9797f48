#!/usr/bin/env bash
# The imapflow library for Node.js, found in NODE_PATH or in the folder NODE_MODULES: lists, opens, fetches with body
# structures, appends, flags, searches, moves, deletes, and is told of new mail while it idles; then again with QRESYNC,
# away for a while and back. It enables IMAP4rev2 and UTF8=ACCEPT.
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
const open = async (port, secure, options = {}) => {
    const client = new ImapFlow({ host: 'localhost', port, secure, doSTARTTLS: !secure, auth: { user: 'test', pass: 'secret' }, logger, ...options });
    client.on('error', error => problems.push(error));
    await client.connect();
    return client;
};
const all = async list => { const out = []; for await (const one of list) out.push(one); return out; };
const within = (ms, promise, what) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error('no ' + what)), ms))]);

// Away and back by QRESYNC: what changed meanwhile is told while the mailbox is opened, and nothing else
async function resync(mail) {
    const path = 'Straße/Küche & Keller';
    const other = await open(port, false, { qresync: true });
    await other.mailboxCreate(path);
    assert((await other.list()).some(box => box.path === path));
    for (let i = 0; i < 9; ++i) await other.append(path, mail, i === 6 ? ['old'] : []);
    let phone = await open(tlsPort, true, { qresync: true });
    assert(phone.enabled.has('QRESYNC') && phone.enabled.has('IMAP4REV2'));
    const { highestModseq: changedSince, uidValidity } = await phone.mailboxOpen(path);
    await phone.logout();

    await other.mailboxOpen(path);
    await other.messageFlagsAdd('2', ['\\Seen', 'green'], { uid: true });
    await other.messageFlagsSet('7', ['\\Flagged'], { uid: true });
    await other.messageDelete('3:4', { uid: true });
    await other.messageMove('9', 'Archive', { uid: true });
    await other.messageFlagsAdd('5', ['\\Answered'], { uid: true });
    await other.messageDelete('5', { uid: true });
    await other.append(path, mail, ['new']);
    assert.deepStrictEqual(await other.search({ subject: 'grüße' }, { uid: true }), [1, 2, 6, 7, 8, 10]);

    phone = await open(tlsPort, true, { qresync: true });
    const flags = [], gone = [];
    phone.on('flags', event => flags.push([event.path, event.uid, [...event.flags].sort()]));
    phone.on('expunge', event => gone.push([event.path, event.uid, event.vanished, event.earlier]));
    const box = await phone.mailboxOpen(path, { changedSince, uidValidity });
    assert(box.qresync && box.exists === 6 && box.highestModseq > changedSince);
    assert.deepStrictEqual(gone, [3, 4, 5, 9].map(uid => [path, uid, true, true]));
    assert.deepStrictEqual(flags, [[path, 2, ['\\Seen', 'green']], [path, 7, ['\\Flagged']], [path, 10, ['new']]]);
    const changed = await all(phone.fetch('1:*', { uid: true, flags: true }, { uid: true, changedSince }));
    assert.deepStrictEqual(changed.map(row => row.uid), [2, 7, 10]);
    assert(changed.every(row => row.modseq > changedSince && row.modseq <= box.highestModseq));

    // Connected: both are told as they happen, by UID
    flags.length = gone.length = 0;
    phone.idle();
    while (!phone.idling) await new Promise(resolve => setTimeout(resolve, 20));
    const noticed = new Promise(resolve => phone.once('flags', resolve));
    const vanished = new Promise(resolve => phone.once('expunge', resolve));
    await other.messageFlagsAdd('8', ['\\Deleted', '$Junk'], { uid: true });
    await within(10000, noticed, 'notice of flags');
    await other.messageDelete('1,8', { uid: true });
    await within(10000, vanished, 'notice of an expunge');
    assert(flags.some(([, uid, words]) => uid === 8 && words.join() === '$Junk,\\Deleted'));
    while (gone.length < 2) await new Promise(resolve => setTimeout(resolve, 20));
    assert.deepStrictEqual(gone, [1, 8].map(uid => [path, uid, true, false]));
    assert.strictEqual(phone.mailbox.exists, 4);
    await other.logout();
    // The mailbox is another one now: it has no such past
    await phone.mailboxClose();
    await phone.mailboxDelete(path);
    await phone.mailboxCreate(path);
    flags.length = gone.length = 0;
    const fresh = await phone.mailboxOpen(path, { changedSince, uidValidity });
    assert(fresh.uidValidity !== uidValidity && fresh.exists === 0);
    assert.deepStrictEqual([flags, gone], [[], []]);
    await phone.logout();
}

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
    assert(client.enabled.has('IMAP4REV2') && client.enabled.has('UTF8=ACCEPT') && client.enabled.has('CONDSTORE'));
    await client.logout();
    await resync(mail);
    assert.deepStrictEqual(problems, []);
    console.log('client done');
})().catch(error => { console.error(error, problems); process.exit(1); });
JS
timeout 60 node "$work/client.js" "$port" "$tls_port" > "$work/out" 2>&1 || fail "imapflow: $(cat "$work/out")"
grep -q 'client done' "$work/out" || fail "imapflow: $(cat "$work/out")"
logged 'C: [^ ]+ IDLE' || fail "it did not idle"
logged 'C: [^ ]+ COMPRESS DEFLATE' || fail "it did not compress"
logged 'C: [^ ]+ SELECT .*QRESYNC' || fail "it did not resynchronise"
[ "$(count INBOX)" = 2 ] || fail "INBOX should hold two letters"
nothing_refused
echo "imapflow: listed, fetched, appended, searched, moved, copied, deleted; told of new mail and of an expunge by IDLE; away and back by QRESYNC; all compressed"
