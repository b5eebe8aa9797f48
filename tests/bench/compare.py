#!/usr/bin/env python3
"""Runs the same work on Postnook and on Dovecot, by turns, and prints the table of goals.

  compare.py PATH/TO/postnook --tools DIR --folder DIR [--only login,store,...] [--rounds 3]
             [--format sdbox|maildir|mdbox] [--fsync optimized|always] [--messages 100000] [--json FILE]

DIR of --tools holds imapbench.py, which does the work and measures it, and dovecot.sh, which starts
a Dovecot of its own. --folder keeps the mail of both between runs: filling it takes minutes.
Beside what imapbench measures: the first SELECT, SORT and THREAD after a start, single STOREs from 8
connections, mailboxes that are made, renamed and deleted, EXPUNGE of one message, searches for words
that many messages have and by flags, and how often the disk can sync.
Prints Markdown: the work, both medians, how many times better Postnook is (median of the ratios of
the rounds), the goal. Use a release build and a quiet machine. Linux only.
"""
import argparse
import contextlib
import itertools
import json
import multiprocessing
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time

from loopback import Client, Refused

PASSWORD = 'test'
DOVECOT_PORTS, POSTNOOK_PORTS = (20143, 20993), (33143, 33993)

# workload, metric of imapbench (a pattern), what it is, the goal (times better)
GOALS = [
    ('append', r'append single', 'APPEND one by one', 1.3),
    ('append', r'append 8 conns, same', 'APPEND, 8 connections, one mailbox', 4),
    ('append', r'append 8 conns, 8', 'APPEND, 8 connections, 8 mailboxes', 3),
    ('append-bulk', r'MULTIAPPEND of', 'MULTIAPPEND of 100', 5),
    ('append-bulk', r'APPEND pipelined', 'APPEND pipelined', 4),
    ('fetch-body', r'APPEND of', 'APPEND 25 MB', 1.5),
    ('fetch-body', r'FETCH of', 'FETCH 25 MB', 3),
    ('fetch-body', r'FETCH 1:\* BODY.PEEK\[\] first', 'all bodies, first', 3),
    ('fetch-body', r'FETCH 1:\* BODY.PEEK\[\] second', 'all bodies, again', 1.5),
    ('fetch-body', r'FETCH random body p50', 'a random body, p50', 1),
    ('restart', r'restart-select', 'SELECT of all, after a restart of the server', 2),
    ('select', r'SELECT warm, new conn p50', 'SELECT of all, warm, new connection', 1),
    ('select', r'STATUS .* p50', 'STATUS', 1),
    ('fetch-meta', r'FETCH 1:\* meta first$', 'FETCH metadata of all, first', 15),
    ('fetch-meta', r'FETCH 1:\* meta second$', 'FETCH metadata of all, later', 3),
    ('fetch-meta', r'HEADER.FIELDS first', 'HEADER.FIELDS of all, first', 3),
    ('fetch-meta', r'HEADER.FIELDS second', 'HEADER.FIELDS of all, later', 1),
    ('fetch-meta', r'page of 50 meta p50', 'a page of 50', 2),
    ('fetch-meta', r'UID FETCH 1:\* \(FLAGS\)', 'UID FETCH 1:* (FLAGS)', 1),
    ('store', r'STORE 1:\* \+FLAGS.SILENT', 'STORE all, silent', 0.2),
    ('store', r'STORE random single', 'single STOREs, one by one', 1),
    ('store-8', r'', 'single STOREs, 8 connections', 1),
    ('mailboxes', r'', 'CREATE, RENAME and DELETE, one by one', 1.5),
    ('mailboxes-8', r'', 'CREATE, RENAME and DELETE, 8 connections', 15),
    ('copy-move', r'COPY', 'COPY of 10,000', 6),
    ('copy-move', r'MOVE', 'MOVE of 10,000', 4),
    ('copy-move', r'EXPUNGE', 'EXPUNGE of 10,000', 1),
    ('expunge-one', r'', 'EXPUNGE of one among all', 1),
    ('search', r'BODY rare repeat', 'SEARCH BODY, a rare word', 200),
    ('search', r'TEXT rare repeat', 'SEARCH TEXT, a rare word', 200),
    ('search', r'FROM repeat', 'SEARCH FROM, a rare name', 20),
    ('search', r'UNSEEN repeat', 'SEARCH UNSEEN', 1),
    ('search-flagged', r'', 'SEARCH FLAGGED, one in a thousand', 5),
    ('search-answered', r'', 'SEARCH ANSWERED, one in a thousand', 5),
    ('search-body', r'', 'SEARCH BODY, a word of four bodies in ten', 10),
    ('search-text', r'', 'SEARCH TEXT, a word of every header', 10),
    ('search-from', r'', 'SEARCH FROM, a word of every address', 1.5),
    ('sort-thread', r'SORT \(REVERSE DATE\) first', 'SORT by date, first', 4),
    ('sort-thread', r'SORT \(SUBJECT\) first', 'SORT by subject, first', 1),
    ('sort-thread', r'THREAD REFERENCES first', 'THREAD, first', 3),
    ('restart', r'restart-text', 'SEARCH TEXT, a rare word, after a restart of the server', 100),
    ('restart', r'restart-from', 'SEARCH FROM, a rare name, after a restart of the server', 1),
    ('restart', r'restart-unseen', 'SEARCH UNSEEN, after a restart of the server', 1),
    ('restart', r'restart-flagged', 'SEARCH FLAGGED, after a restart of the server', 1),
    ('restart', r'restart-date', 'SORT by date, after a restart of the server', 1),
    ('restart', r'restart-subject', 'SORT by subject, after a restart of the server', 1),
    ('restart', r'restart-thread', 'THREAD, after a restart of the server', 1),
    ('idle', r"notify p50, since APPEND's OK", 'IDLE notice to 1,000, p50', 40),
    ('idle', r'notify p99', 'IDLE notice to 1,000, p99', 30),
    ('idle', r'PSS each', 'memory of an idle session', 10),
    ('login', r'login\+logout plain, 1', 'logins, plain', 2),
    ('login', r'login\+logout tls, 1', 'logins, TLS', 1.3),
    ('mixed', r'mixed \d+ clients', 'mixed load of 50 clients', 1.5),
    ('mixed', r'mixed all p99', 'mixed load, p99', 2),
]


def start_dovecot(options):
    folder = os.path.join(options.folder, f'dovecot-{options.format}')
    tool = os.path.join(options.tools, 'dovecot.sh')
    subprocess.run([tool, 'up', folder, *map(str, DOVECOT_PORTS), options.format, options.fsync],
                   check=True, stdout=subprocess.DEVNULL)

    def stop():
        with open(os.path.join(folder, 'run/master.pid')) as f:
            pid = f.read().strip()
        subprocess.run([tool, 'down', folder], check=True)
        while os.path.exists(f'/proc/{pid}'):
            time.sleep(0.05)
    return folder, stop


def start_postnook(options):
    folder = os.path.join(options.folder, 'postnook')
    os.makedirs(folder, exist_ok=True)
    ini = os.path.join(folder, 'postnook.ini')
    with open(ini, 'w') as f:
        f.write(f'bind-addr=127.0.0.1\nbind-port={POSTNOOK_PORTS[0]}\nbind-port-tls={POSTNOOK_PORTS[1]}\n'
                f'data-dir={folder}/data\nallow-plaintext-auth=true\nlog-level=warn\n'
                'max-connections-per-account=4000\n')
    if not os.path.exists(f'{folder}/data'):
        # Dovecot's password database compares text: the least that is allowed is nearest to it.
        subprocess.run([options.program, '--config', ini, 'account', 'add', 'test', '--password-stdin',
                        '--iterations', '4096'], input=PASSWORD.encode(), check=True)
    process = subprocess.Popen([options.program, '--config', ini, 'serve'])
    wait_for(POSTNOOK_PORTS[1])

    def stop():
        process.terminate()
        process.wait()
    return process.pid, stop


@contextlib.contextmanager
def running(options):
    """Both servers: the folder of Dovecot, the process id of Postnook."""
    folder, stop_dovecot = start_dovecot(options)
    try:
        pid, stop_postnook = start_postnook(options)
        try:
            yield folder, pid
        finally:
            stop_postnook()
    finally:
        stop_dovecot()


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise SystemExit(f'nothing listens on port {port}')


def run_imapbench(options, folder, pid, only):
    out = os.path.join(options.folder, 'imapbench.json')
    server = 'host=127.0.0.1,mode=tls,user=test,pass=' + PASSWORD
    subprocess.run(
        [sys.executable, os.path.join(options.tools, 'imapbench.py'), '--compare', '--rounds',
         str(options.rounds), '--messages', str(options.messages), '--only', ','.join(only), '--json', out,
         '--a', f'label=dovecot,{server},port={DOVECOT_PORTS[1]},plain_port={DOVECOT_PORTS[0]},'
                f'tls_port={DOVECOT_PORTS[1]},pidfile={folder}/run/master.pid',
         '--b', f'label=postnook,{server},port={POSTNOOK_PORTS[1]},plain_port={POSTNOOK_PORTS[0]},'
                f'tls_port={POSTNOOK_PORTS[1]},pid={pid}'],
        check=False, stdout=sys.stderr)
    with open(out) as f:
        return json.load(f)['results']


# --- What imapbench does not measure ------------------------------------------------------------------

def store(messages):
    def work(client, number):
        client.command('SELECT bench-big')
        choose = random.Random(number)
        while True:
            client.command(f'STORE {choose.randint(1, messages)} {choose.choice("+-")}FLAGS (\\Flagged)')
            yield
    return work


def change_mailboxes(client, number):
    for i in itertools.count():
        name = f'bench-{os.getpid()}-{number}-{i}'
        for change in (f'CREATE {name}', f'RENAME {name} {name}-new', f'DELETE {name}-new'):
            client.command(change)
            yield


def work_for(port, work, number, seconds, ready, go, count):
    steps = work(Client(port, password=PASSWORD), number)
    next(steps)  # what it begins with does not count
    ready.release()
    go.wait()
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        next(steps)
        done += 1
    with count.get_lock():
        count.value += done


def per_second(port, work, connections, seconds=5):
    """How many steps all connections take, each in a process of its own."""
    ready, go = multiprocessing.Semaphore(0), multiprocessing.Event()
    count = multiprocessing.Value('l', 0)
    workers = [multiprocessing.Process(target=work_for, args=(port, work, i, seconds, ready, go, count))
               for i in range(connections)]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    go.set()
    for worker in workers:
        worker.join()
    return count.value / seconds


def milliseconds(client, command):
    begin = time.monotonic()
    client.command(command)
    return (time.monotonic() - begin) * 1000


# By the metric. Each in a life of the server of its own.
AFTER_RESTART = {'restart-select': 'EXAMINE bench-big', 'restart-text': 'SEARCH RETURN (COUNT) TEXT zebrulon',
                 'restart-from': 'SEARCH RETURN (COUNT) FROM oxtoby', 'restart-unseen': 'SEARCH UNSEEN',
                 'restart-flagged': 'SEARCH FLAGGED', 'restart-date': 'SORT (REVERSE DATE) UTF-8 ALL',
                 'restart-subject': 'SORT (SUBJECT) UTF-8 ALL', 'restart-thread': 'THREAD REFERENCES UTF-8 ALL'}


def first_ms(command):
    def one(port):
        client = Client(port, password=PASSWORD)
        if not command.startswith('EXAMINE'):
            client.command('EXAMINE bench-big')
        return milliseconds(client, command)
    return one


def search_ms(key, *before):
    def one(port):
        client = Client(port, password=PASSWORD)
        client.command('SELECT bench-big')
        for command in before:
            client.command(command)
        client.command(f'SEARCH RETURN (COUNT) {key}')
        return statistics.median(milliseconds(client, f'SEARCH RETURN (COUNT) {key}') for _ in range(5))
    return one


def expunge_ms(messages):
    """Of a message near the end of a copy of the mailbox."""
    def one(port):
        client = Client(port, password=PASSWORD)
        try:
            client.command('SELECT bench-copy')
        except Refused:
            client.command('CREATE bench-copy')
            client.command('EXAMINE bench-big')
            client.command('COPY 1:* bench-copy')
            client.command('SELECT bench-copy')
        samples = []
        for number in range(1, 10):
            client.command(f'STORE {messages * 9 // 10 - number} +FLAGS.SILENT (\\Deleted)')
            samples.append(milliseconds(client, 'EXPUNGE'))
        return statistics.median(samples)
    return one


def measure(workload, unit, better, rounds, one, metric=None):
    """By turns on both; `one` is given a port."""
    rows = [{'workload': workload, 'metric': metric or workload, 'unit': unit, 'better': better, 'samples': [],
             'label': label} for label in ('dovecot', 'postnook')]
    for _ in range(rounds):
        for row, ports in zip(rows, (DOVECOT_PORTS, POSTNOOK_PORTS)):
            row['samples'].append(one(ports[1]))
    for row in rows:
        row['median'] = statistics.median(row['samples'])
    return rows


def few_with(flag, messages):
    """The commands that give it to one in a thousand."""
    few = ','.join(str(number) for number in range(1, messages + 1, 1000))
    return f'STORE 1:* -FLAGS.SILENT ({flag})', f'STORE {few} +FLAGS.SILENT ({flag})'


def after_restarts(options):
    """The samples of all rounds, put together by their metric. All has been asked once before."""
    rows = {}
    with running(options):
        for port, command in itertools.product((DOVECOT_PORTS[1], POSTNOOK_PORTS[1]), AFTER_RESTART.values()):
            with contextlib.suppress(Refused):
                first_ms(command)(port)
        time.sleep(5)  # Postnook writes what it keeps when it has been quiet for a second
    for _ in range(options.rounds):
        for metric, command in AFTER_RESTART.items():
            with running(options):
                try:
                    found = measure('restart', 'ms', 'low', 1, first_ms(command), metric)
                except Refused:
                    print('nothing after a restart: the mailbox is yet to be filled', file=sys.stderr)
                    return []
            for row in found:
                rows.setdefault((row['label'], metric), row | {'samples': []})['samples'] += row['samples']
    for row in rows.values():
        row['median'] = statistics.median(row['samples'])
    return list(rows.values())


def syncs_per_second(folder, seconds=2):
    path = os.path.join(folder, 'sync')
    with open(path, 'wb') as f:
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            f.write(b'x' * 4096)
            f.flush()
            os.fdatasync(f.fileno())
            count += 1
    os.remove(path)
    return count / seconds


# --- The table ----------------------------------------------------------------------------------------

def ratio(theirs, ours):
    pairs = zip(theirs['samples'], ours['samples'])
    if theirs['better'] == 'low':
        return statistics.median(max(a, 1e-9) / max(b, 1e-9) for a, b in pairs)
    return statistics.median(max(b, 1e-9) / max(a, 1e-9) for a, b in pairs)


def number(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.3g}'


def table(results):
    lines = ['| work | unit | Postnook | Dovecot | times better | goal |', '| --- | --- | --- | --- | --- | --- |']
    for workload, pattern, name, goal in GOALS:
        found = [r for r in results
                 if r['workload'] == workload and re.search(pattern, r['metric']) and r['unit'] != 'skip']
        ours = next((r for r in found if r['label'] == 'postnook'), None)
        theirs = next((r for r in found if r['label'] == 'dovecot' and ours and r['metric'] == ours['metric']), None)
        if ours and theirs:
            times = ratio(theirs, ours)
            lines.append(f'| {name} | {ours["unit"]} | {number(ours["median"])} | {number(theirs["median"])} | '
                         f'{times:.2f} | {goal}{"" if times >= goal else " (missed)"} |')
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--tools', required=True)
    parser.add_argument('--folder', required=True)
    parser.add_argument('--only', default=','.join(dict.fromkeys(goal[0] for goal in GOALS)))
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--format', default='sdbox')
    parser.add_argument('--fsync', default='optimized')
    parser.add_argument('--messages', type=int, default=100_000)
    parser.add_argument('--json')
    options = parser.parse_args()
    options.folder = os.path.abspath(options.folder)
    os.makedirs(options.folder, exist_ok=True)
    only = options.only.split(',')
    results = []
    if 'restart' in only:
        results += after_restarts(options)
    with running(options) as (folder, pid):
        own = {'store-8': (store(options.messages), 8), 'mailboxes': (change_mailboxes, 1),
               'mailboxes-8': (change_mailboxes, 8)}
        # Words that imapbench's messages are made of.
        timed = {'search-body': search_ms('BODY sogu'), 'search-text': search_ms('TEXT example'),
                 'search-from': search_ms('FROM example'),
                 'search-flagged': search_ms('FLAGGED', *few_with('\\Flagged', options.messages)),
                 'search-answered': search_ms('ANSWERED', *few_with('\\Answered', options.messages)),
                 'expunge-one': expunge_ms(options.messages)}
        theirs = [name for name in only if name != 'restart' and name not in own and name not in timed]
        if theirs:
            results += run_imapbench(options, folder, pid, theirs)
        for name in (name for name in own if name in only):
            results += measure(name, 'changes/s', 'high', options.rounds,
                               lambda port, what=own[name]: per_second(port, *what))
        for name in (name for name in timed if name in only):
            results += measure(name, 'ms', 'low', options.rounds, timed[name])
    print(f'Dovecot: {options.format}, mail_fsync={options.fsync}; {options.messages:,} messages; TLS; '
          f'medians of {options.rounds}; the disk syncs {syncs_per_second(options.folder):.0f} times a second\n')
    print(table(results))
    if options.json:
        with open(options.json, 'w') as f:
            json.dump(results, f, indent=1)


if __name__ == '__main__':
    main()
