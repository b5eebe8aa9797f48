#!/usr/bin/env python3
"""What the search index costs those who add mail.

  bench_index.py PATH/TO/postnook [--seconds 10] [--rounds 5] [--json FILE]

By turns starts a server of its own, on free loopback ports, with the search index and without. One
connection adds messages of 1.5 KB, then eight do, each to a mailbox of its own, then one with 100
messages to a command, for so many seconds each. Prints messages a second (medians of the rounds), and
how many times that of no index it is with one. What is still to be indexed then is not waited for: the
index stays behind while mail comes. Linux only.
"""
import argparse
import itertools
import json
import statistics
import threading
import time

from loopback import Client, Server, letter, texts

# name, connections, messages of a command
WORK = [('APPEND one by one', 1, 1), ('APPEND, 8 connections', 8, 1), ('MULTIAPPEND of 100', 1, 100)]


def add(client, mailbox, letters, at_once, end, counts):
    count = 0
    while time.monotonic() < end:
        client.append(mailbox, *itertools.islice(letters, at_once))
        count += at_once
    counts.append(count)


def unlike_letters(seed):
    """Made as fast as they are sent: known texts behind headers of their own."""
    known = list(itertools.islice(texts(seed), 2000))
    return (letter(f'{seed}-{n}') + text for n, text in enumerate(itertools.cycle(known)))


def measure(server, connections, at_once, seconds, seed):
    clients = [Client(server.port, tls=False) for _ in range(connections)]
    for i, client in enumerate(clients):
        client.command(f'CREATE M{seed}-{i}')
    letters = [unlike_letters(seed * 100 + i) for i in range(connections)]
    end, counts = time.monotonic() + seconds, []
    threads = [threading.Thread(target=add, args=(client, f'M{seed}-{i}', letters[i], at_once, end, counts))
               for i, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--json')
    options = parser.parse_args()
    rows = []
    for _ in range(options.rounds):
        for index in ('true', 'false'):
            server = Server(options.program, f'search-index={index}\n')
            try:
                for seed, (name, connections, at_once) in enumerate(WORK):
                    rate = measure(server, connections, at_once, options.seconds, seed)
                    rows.append({'work': name, 'index': index, 'messages_s': rate})
            finally:
                server.stop()
    print('| work | with the index | without | times |\n| --- | --- | --- | --- |')
    for name, _, _ in WORK:
        on, off = ([row['messages_s'] for row in rows if row['work'] == name and row['index'] == index]
                   for index in ('true', 'false'))
        ratio = statistics.median(a / b for a, b in zip(on, off))
        print(f'| {name} | {statistics.median(on):.0f} | {statistics.median(off):.0f} | {ratio:.2f} |')
    if options.json:
        with open(options.json, 'w') as f:
            json.dump(rows, f, indent=1)


if __name__ == '__main__':
    main()
