#!/usr/bin/env python3
"""How the server keeps many clients, and one that was away, up to date.

  bench_sync.py PATH/TO/postnook [--clients 1000] [--rounds 50] [--messages 100000] [--idle-seconds 60]

Starts a server of its own on free loopback ports in a temporary folder. Prints
- fan-out: with so many TLS clients in IDLE on one mailbox, how long after the OK of an APPEND, and after
  its sending, each client has heard of the message (p50, p99, max), and how many octets each got;
- idle: the server's CPU seconds while nothing happens, and its resident memory per idle TLS session;
- resume: SELECT (QRESYNC ...) of a large mailbox after 50 changes: round trip, server's CPU, octets.
Linux only (/proc).
"""
import argparse
import re
import selectors
import ssl
import time

from loopback import Client, Server, fill, letter, percentile


def fan_out(server, count, rounds, idle_seconds):
    before = server.memory_kib()
    clients = []
    for _ in range(count):
        client = Client(server.tls_port)
        client.command('SELECT INBOX')
        client.idle()
        clients.append(client)
    print(f'idle: {(server.memory_kib() - before) / count:.1f} KiB resident per TLS session of {count}')
    cpu = server.cpu_seconds()
    time.sleep(idle_seconds)
    print(f'idle: {server.cpu_seconds() - cpu:.2f} s CPU in {idle_seconds} s with {count} sessions in IDLE')
    selector = selectors.DefaultSelector()
    for client in clients:
        client.sock.setblocking(False)
        selector.register(client.sock, selectors.EVENT_READ, client)
    writer = Client(server.tls_port)
    after_ok, after_send = [], []
    for n in range(rounds):
        sent = time.monotonic()
        writer.append('INBOX', letter(n))
        done = time.monotonic()
        waiting = set(clients)
        while waiting:
            for key, _ in selector.select(10) or [(None, None)]:
                if key is None:
                    raise SystemExit(f'{len(waiting)} clients have not heard of message {n}')
                client = key.data
                try:
                    client.read()
                except (ssl.SSLWantReadError, BlockingIOError):
                    continue
                if b' EXISTS\r\n' in client.buffer:
                    client.buffer = b''
                    now = time.monotonic()
                    after_ok.append(max(0.0, now - done))
                    after_send.append(now - sent)
                    waiting.discard(client)
    for name, values in (('the OK', after_ok), ('sending it', after_send)):
        print(f'fan-out: {count} clients hear of a message after {name}: '
              f'p50 {percentile(values, 50) * 1000:.1f} ms, p99 {percentile(values, 99) * 1000:.1f} ms, '
              f'max {max(values) * 1000:.1f} ms ({rounds} messages)')
    for client in clients:
        client.sock.close()


def resume(server, count, rounds):
    loader = Client(server.port, tls=False)
    fill(loader, 'Archive', count)
    answer = loader.command('SELECT Archive')
    validity = int(re.search(rb'UIDVALIDITY (\d+)', answer).group(1))
    times, cpus, octets = [], [], []
    for n in range(rounds):
        away = Client(server.port, tls=False)
        away.command('ENABLE QRESYNC')
        modseq = int(re.search(rb'HIGHESTMODSEQ (\d+)', away.command('EXAMINE Archive')).group(1))
        away.command('UNSELECT')
        for i in range(20):  # 50 changes: 20 flags, 10 new, 20 expunged
            loader.command(f'UID STORE {1 + 97 * i + n} +FLAGS.SILENT (\\Flagged)')
        for i in range(10):
            loader.append('Archive', letter(count + 10 * n + i))
        gone = ','.join(str(2000 + n * 1000 + 41 * i) for i in range(20))
        loader.command(f'UID STORE {gone} +FLAGS.SILENT (\\Deleted)')
        loader.command(f'UID EXPUNGE {gone}')
        away.received = 0
        cpu = server.cpu_seconds()
        begin = time.monotonic()
        answer = away.command(f'SELECT Archive (QRESYNC ({validity} {modseq}))')
        times.append(time.monotonic() - begin)
        cpus.append(server.cpu_seconds() - cpu)
        octets.append(away.received)
        if answer.count(b' FETCH (') != 30 or answer.count(b'VANISHED (EARLIER)') != 1:
            raise SystemExit('the answer does not tell the changes:\n' + answer.decode())
    print(f'resume: SELECT (QRESYNC) of {count} messages with 50 changes, one round trip of '
          f'{percentile(times, 50) * 1000:.1f} ms (p50), {max(times) * 1000:.1f} ms (max of {rounds}), '
          f'{sum(cpus) / rounds * 1000:.1f} ms CPU, {sum(octets) // rounds} octets')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('program')
    parser.add_argument('--clients', type=int, default=1000)
    parser.add_argument('--rounds', type=int, default=50)
    parser.add_argument('--messages', type=int, default=100_000)
    parser.add_argument('--idle-seconds', type=int, default=60)
    options = parser.parse_args()
    server = Server(options.program, 'max-connections=5000\nmax-connections-per-account=5000\n')
    try:
        if options.messages:
            resume(server, options.messages, 10)
        if options.clients:
            fan_out(server, options.clients, options.rounds, options.idle_seconds)
    finally:
        server.stop()


main()
