#!/usr/bin/env python3
"""What an honest client notices while others overload the server, and how much memory it takes then.

  bench_overload.py PATH/TO/postnook [--seconds 10] [--only held,dropped,...] [--json FILE]

Starts a server of its own on free loopback ports in a temporary folder, with the limits it has by
default. An honest client, logged in over TLS and with a mailbox open, sends NOOP every 20 ms while
each of these goes on:
- held: 2,000 sessions over TLS in IDLE, of ten accounts;
- dropped: 10,000 connections opened and dropped at once, to both ports;
- slow: sessions that ask for all mail and read an octet a second, sessions that send theirs so;
- literals: APPENDs of 50 MB announced and never sent, and LOGINs of 4 GB, on 200 connections;
- handshakes: TLS handshakes as fast as four processes can, beside 500 that stop in the middle;
- logins: wrong passwords on 100 connections.
Prints the round trip of NOOP (p50, p99, max) and the most memory that was resident. Linux only.
"""
import argparse
import contextlib
import json
import multiprocessing
import select
import socket
import ssl
import time

from loopback import Client, Refused, Server, percentile, tls_context

ACCOUNTS = 10
HELD = 2000
DROPPED = 10_000


# --- The loads: each runs in processes of its own until they are ended, and says when it is on. ------

def held(server, on):
    clients = [Client(server.tls_port, user=f'user{i % ACCOUNTS}') for i in range(HELD)]
    for client in clients:
        client.command('SELECT INBOX')
        client.idle()
    on.set()
    while True:
        time.sleep(1)


def dropped(server, on):
    on.set()
    for i in range(DROPPED):
        with contextlib.suppress(OSError, Refused):
            sock = socket.create_connection(('127.0.0.1', (server.port, server.tls_port)[i % 2]))
            if i % 4 == 0:
                sock.recv(1) if i % 2 == 0 else sock.sendall(b'\x16\x03\x01\x02\x00\x01')
            sock.close()


def slow(server, on):
    readers = []
    for i in range(50):
        client = Client(server.port, tls=False, user=f'user{i % ACCOUNTS}')
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.command('SELECT Sent')
        client.sock.sendall(b'x FETCH 1:* (BODY.PEEK[])\r\n' * 3)
        readers.append(client.sock)
    writers = [Client(server.port, tls=False, user=None).sock for _ in range(100)]
    appending = [Client(server.port, tls=False, user=f'user{i % ACCOUNTS}').sock for i in range(50)]
    for sock in appending:
        sock.sendall(b'x APPEND Trash {1000000+}\r\n')
    on.set()
    while True:
        for sock in readers:
            with contextlib.suppress(OSError, Refused):
                sock.recv(1)
        for sock in writers + appending:
            with contextlib.suppress(OSError, Refused):
                sock.send(b'a')
        time.sleep(1)


def literals(server, on):
    on.set()
    while True:
        clients = []
        with contextlib.suppress(OSError, Refused):
            for i in range(100):
                clients.append(Client(server.port, tls=False, user=f'user{i % ACCOUNTS}'))
                clients[-1].sock.sendall(b'x APPEND INBOX {52428800}\r\n')
                clients.append(Client(server.port, tls=False, user=None))
                clients[-1].sock.sendall(b'x LOGIN {4294967295+}\r\n' + b'x' * 100_000)
        time.sleep(1)


def handshakes(server, on):
    context = tls_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    on.set()
    while True:
        with contextlib.suppress(OSError, Refused):
            context.wrap_socket(socket.create_connection(('127.0.0.1', server.tls_port))).close()


def half_handshakes(server, on):
    hello = ssl.MemoryBIO()
    tls = tls_context().wrap_bio(ssl.MemoryBIO(), hello)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    hello = hello.read()
    on.set()
    while True:
        open_ones = []
        with contextlib.suppress(OSError, Refused):
            for _ in range(500):
                open_ones.append(socket.create_connection(('127.0.0.1', server.tls_port)))
                open_ones[-1].sendall(hello)
        time.sleep(3)


def logins(server, on):
    on.set()
    waiting = {}
    while True:
        while len(waiting) < 100:
            client = Client(server.port, tls=False, user=None)
            waiting[client.sock] = client
            client.sock.sendall(b'x LOGIN user1 wrong\r\n')
        for sock in select.select(list(waiting), [], [], 1)[0]:
            try:
                alive = sock.recv(65536)
                sock.sendall(b'x LOGIN nobody wrong\r\n')
            except OSError:
                alive = b''
            if not alive:
                del waiting[sock]


LOADS = {
    'none': [],
    'held': [held],
    'dropped': [dropped],
    'slow': [slow],
    'literals': [literals],
    'handshakes': [handshakes] * 4 + [half_handshakes],
    'logins': [logins],
}


def measure(server, name, seconds):
    honest = Client(server.tls_port, user='honest')
    honest.command('SELECT INBOX')
    server.reset_peak()
    running = []
    for load in LOADS[name]:
        on = multiprocessing.Event()
        process = multiprocessing.Process(target=load, args=(server, on), daemon=True)
        process.start()
        running.append(process)
        if not on.wait(120):
            raise SystemExit(f'{name}: the load has not come up')
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or (name == 'dropped' and running[0].is_alive()):
        begin = time.monotonic()
        honest.command('NOOP')
        times.append((time.monotonic() - begin) * 1000)
        time.sleep(0.02)
    for process in running:
        process.kill()
        process.join()
    row = {'load': name, 'noops': len(times), 'p50_ms': percentile(times, 50),
           'p99_ms': percentile(times, 99), 'max_ms': max(times),
           'peak_mib': server.memory_kib('VmHWM') / 1024}
    print('%-11s NOOP p50 %6.2f  p99 %7.2f  max %7.2f ms   %5.0f MiB' % (
        name, row['p50_ms'], row['p99_ms'], row['max_ms'], row['peak_mib']), flush=True)
    time.sleep(2)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--only', default=','.join(LOADS))
    parser.add_argument('--json')
    options = parser.parse_args()
    server = Server(options.program, accounts=['honest'] + [f'user{i}' for i in range(ACCOUNTS)])
    try:
        for i in range(ACCOUNTS): # for the slow readers
            client = Client(server.port, tls=False, user=f'user{i}')
            body = b'Subject: large\r\n\r\n' + b'x' * 70 + b'\r\n'
            client.append('Sent', body + b'y' * 5_000_000)
            client.sock.close()
        rows = [measure(server, name, options.seconds) for name in options.only.split(',')]
    finally:
        server.stop()
    if options.json:
        with open(options.json, 'w') as f:
            json.dump(rows, f, indent=1)


if __name__ == '__main__':
    main()
