#!/usr/bin/env python3
"""What 20 sessions notice of one that searches, sorts or threads all the time.

  bench_beside.py PATH/TO/postnook [--messages 100000] [--seconds 10] [--rounds 3] [--json FILE]

Starts a server of its own on free loopback ports. Twenty sessions of one account over TLS, in four
processes, do by turns what mail programs do (NOOP, a page of metadata, a body, a STORE, STATUS), each
ten times a second. Beside them goes nothing, then each of the searches, by turns; they run one after
another without a pause in a mailbox of so many messages. Prints the round trips of the twenty (p50,
p99) and how many times that of nothing each is (median of the rounds). Linux only.
"""
import argparse
import json
import multiprocessing
import random
import statistics
import threading
import time

from loopback import Client, Server, fill, percentile, texts

SESSIONS, PROCESSES = 20, 4
PERIOD = 0.1  # seconds from one command of a session to the next
# Each reads every text, or the row of every message: the dearest of its kind.
BESIDE = {
    'nothing': [],
    'TEXT': ['SEARCH RETURN (COUNT) TEXT hello'],
    'BODY': ['SEARCH RETURN (COUNT) BODY hello'],
    'two letters': ['SEARCH RETURN (COUNT) TEXT he'],
    'FUZZY': ['SEARCH RETURN (COUNT) FUZZY TEXT helo'],
    'SORT, THREAD': ['SORT RETURN (COUNT) (FROM SUBJECT) UTF-8 ALL', 'THREAD REFERENCES UTF-8 ALL'],
}


def commands(messages, seed):
    choose = random.Random(seed)
    while True:
        number = choose.randint(1, messages - 50)
        yield 'NOOP'
        yield f'FETCH {number}:{number + 49} (UID FLAGS ENVELOPE)'
        yield f'FETCH {number} (BODY.PEEK[])'
        yield f'STORE {number} {choose.choice("+-")}FLAGS.SILENT (\\Flagged)'
        yield 'STATUS INBOX (MESSAGES UNSEEN)'


def session(client, messages, seed, go, end, times):
    steps = commands(messages, seed)
    go.wait()
    due = time.monotonic() + PERIOD * seed / SESSIONS
    while due < end.value:
        time.sleep(max(0, due - time.monotonic()))
        begin = time.monotonic()
        client.command(next(steps))
        times.append((time.monotonic() - begin) * 1000)
        due = max(due + PERIOD, begin)


def sessions(port, messages, seeds, ready, go, end, results):
    clients = [Client(port) for _ in seeds]
    for client in clients:
        client.command('SELECT Archive')
    ready.release()
    times = []
    threads = [threading.Thread(target=session, args=(client, messages, seed, go, end, times))
               for client, seed in zip(clients, seeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(times)


def searches(port, queries, ready, go, end, results):
    client = Client(port)
    client.command('EXAMINE Archive')
    for query in queries:
        client.command(query)  # what is read once only
    ready.release()
    go.wait()
    count = 0
    while time.monotonic() < end.value:
        client.command(queries[count % len(queries)])
        count += 1
    results.put(count)


def measure(server, messages, queries, seconds):
    """The round trips of all sessions in ms, and how many queries went beside them."""
    ready, go = multiprocessing.Semaphore(0), multiprocessing.Event()
    end = multiprocessing.Value('d', 0)
    times, counts = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=sessions, args=(
        server.tls_port, messages, range(i, SESSIONS, PROCESSES), ready, go, end, times))
        for i in range(PROCESSES)]
    if queries:
        workers.append(multiprocessing.Process(
            target=searches, args=(server.tls_port, queries, ready, go, end, counts)))
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    end.value = time.monotonic() + seconds
    go.set()
    samples = [sample for _ in range(PROCESSES) for sample in times.get()]
    count = counts.get() if queries else 0
    for worker in workers:
        worker.join()
    return samples, count


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--messages', type=int, default=100_000)
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--json')
    options = parser.parse_args()
    server = Server(options.program)
    rows = []
    try:
        fill(Client(server.port, tls=False), 'Archive', options.messages, texts())
        server.wait_until_idle()
        for _ in range(options.rounds):
            alone = None
            for name, queries in BESIDE.items():
                times, count = measure(server, options.messages, queries, options.seconds)
                row = {'beside': name, 'queries': count, 'commands': len(times),
                       'p50_ms': percentile(times, 50), 'p99_ms': percentile(times, 99)}
                alone = alone or row
                row['times'] = row['p99_ms'] / alone['p99_ms']
                rows.append(row)
    finally:
        server.stop()
    print('| beside | queries a second | p50, ms | p99, ms | times that of nothing |\n| --- | --- | --- | --- | --- |')
    for name in BESIDE:
        of = {key: statistics.median(row[key] for row in rows if row['beside'] == name)
              for key in ('queries', 'p50_ms', 'p99_ms', 'times')}
        print(f'| {name} | {of["queries"] / options.seconds:.1f} | {of["p50_ms"]:.2f} | {of["p99_ms"]:.2f} | '
              f'{of["times"]:.2f} |')
    if options.json:
        with open(options.json, 'w') as f:
            json.dump(rows, f, indent=1)


if __name__ == '__main__':
    main()
