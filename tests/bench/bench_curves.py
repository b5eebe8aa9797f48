#!/usr/bin/env python3
"""What an operation costs as a mailbox, the list of mailboxes and the number of sessions grow.

  bench_curves.py PATH/TO/postnook [--messages 1000,10000,100000] [--mailboxes 1,100,1000,10000]
                  [--sessions 1,10,100,1000] [--json FILE]

Prints the round trip in ms (the median of several) of each operation at each size, and how much
longer it takes at the largest than at the smallest. Starts servers of its own on loopback. Linux only.
"""
import argparse
import json
import statistics
import time

from loopback import Client, Server, fill, letter

REPEATS = 15
SETTINGS = 'max-connections=5000\nmax-connections-per-account=5000\n'


def timed(work, repeats=REPEATS):
    times = []
    for i in range(repeats):
        begin = time.monotonic()
        work(i)
        times.append((time.monotonic() - begin) * 1000)
    return statistics.median(times)


def of_messages(program, count):
    """One mailbox with so many messages; its index is up to date."""
    server = Server(program, SETTINGS)
    try:
        client = Client(server.port, tls=False)
        begin = time.monotonic()
        fill(client, 'Archive', count)
        rows = {'fill, ms per 1,000 messages': (time.monotonic() - begin) * 1e6 / count}
        server.wait_until_idle()
        away = Client(server.port, tls=False)
        rows['SELECT, again'] = timed(lambda i: away.command('SELECT Archive'))
        rows['STATUS'] = timed(lambda i: client.command('STATUS Archive (MESSAGES UNSEEN SIZE)'))
        rows['NOOP'] = timed(lambda i: away.command('NOOP'))
        rows['APPEND'] = timed(lambda i: client.append('Archive', letter(count + i)))
        rows['FETCH page of 50'] = timed(
            lambda i: away.command(f'FETCH {count - 49}:{count} (UID FLAGS ENVELOPE BODYSTRUCTURE)'))
        rows['STORE one'] = timed(lambda i: away.command(f'STORE {count - i} +FLAGS (\\Flagged)'))
        rows['SEARCH RETURN (COUNT) UNSEEN'] = timed(lambda i: away.command('SEARCH RETURN (COUNT) UNSEEN'))
        rows['SEARCH rare word'] = timed(lambda i: away.command(f'SEARCH SUBJECT "letter {count // 2 + i}"'))
        rows['SORT, 50 newest'] = timed(
            lambda i: away.command('SORT RETURN (PARTIAL 1:50) (REVERSE DATE) UTF-8 ALL'))
        rows['SEARCH RETURN (COUNT) FLAGGED'] = timed(lambda i: away.command('SEARCH RETURN (COUNT) FLAGGED'))
        rows['EXPUNGE one'] = timed(lambda i: expunge_one(away, count - 100 - i))
        rows['UID FETCH 1:* (FLAGS)'] = timed(lambda i: away.command('UID FETCH 1:* (FLAGS)'), 3)
        return rows
    finally:
        server.stop()


def expunge_one(client, number):
    client.command(f'STORE {number} +FLAGS.SILENT (\\Deleted)')
    client.command('EXPUNGE')


def of_mailboxes(program, count):
    server = Server(program, SETTINGS)
    try:
        client = Client(server.port, tls=False)
        begin = time.monotonic()
        for i in range(count):
            client.command(f'CREATE box{i}')
        rows = {'CREATE, all of them, ms each': (time.monotonic() - begin) * 1000 / count}
        rows['CREATE one more'] = timed(lambda i: client.command(f'CREATE more{i}'))
        rows['STATUS of one'] = timed(lambda i: client.command('STATUS box0 (MESSAGES UNSEEN)'))
        rows['SELECT one'] = timed(lambda i: client.command('SELECT box0'))
        rows['APPEND to one'] = timed(lambda i: client.append('box0', letter(i)))
        rows['RENAME one'] = timed(lambda i: client.command(f'RENAME more{i} other{i}'))
        rows['LIST all'] = timed(lambda i: client.command('LIST "" "*"'))
        rows['LIST all with STATUS'] = timed(
            lambda i: client.command('LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN))'), 5)
        return rows
    finally:
        server.stop()


def of_sessions(program, count):
    """So many sessions over TLS in IDLE on one mailbox; an APPEND is told to all."""
    server = Server(program, SETTINGS)
    try:
        client = Client(server.port, tls=False)
        before = server.memory_kib()
        begin = time.monotonic()
        others = [Client(server.tls_port) for _ in range(count)]
        rows = {'login, all of them, ms each': (time.monotonic() - begin) * 1000 / count}
        for other in others:
            other.command('SELECT INBOX')
            other.idle()
        rows['memory, KiB each'] = (server.memory_kib() - before) / count
        rows['NOOP'] = timed(lambda i: client.command('NOOP'))
        rows['APPEND'] = timed(lambda i: client.append('INBOX', letter(i)))
        rows['APPEND until the last has heard'] = timed(lambda i: told(client, others, REPEATS + i), 5)
        return rows
    finally:
        server.stop()


def told(client, others, n):
    client.append('INBOX', letter(n))
    count = b'* %d EXISTS' % (n + 1)
    for other in others:
        while not other.line().startswith(count):
            pass


def print_curve(name, sizes, rows):
    print(f'\n| {name} | ' + ' | '.join(f'{size:,}' for size in sizes) + ' | times |')
    print('| --- |' + ' --- |' * (len(sizes) + 1))
    for operation in rows[0]:
        values = [row[operation] for row in rows]
        print(f'| {operation} | ' + ' | '.join(f'{value:.2f}' for value in values)
              + f' | {values[-1] / max(values[0], 1e-6):.1f} |', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--messages', default='1000,10000,100000')
    parser.add_argument('--mailboxes', default='1,100,1000,10000')
    parser.add_argument('--sessions', default='1,10,100,1000')
    parser.add_argument('--json')
    options = parser.parse_args()
    curves = {}
    for name, sizes, measure in (('messages', options.messages, of_messages),
                                 ('mailboxes', options.mailboxes, of_mailboxes),
                                 ('sessions', options.sessions, of_sessions)):
        sizes = [int(size) for size in sizes.split(',') if size]
        rows = [measure(options.program, size) for size in sizes]
        if rows:
            print_curve(name, sizes, rows)
            curves[name] = dict(zip(sizes, rows))
    if options.json:
        with open(options.json, 'w') as f:
            json.dump(curves, f, indent=1)


if __name__ == '__main__':
    main()
