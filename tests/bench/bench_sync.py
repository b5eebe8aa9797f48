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
import os
import re
import resource
import selectors
import shutil
import socket
import ssl
import subprocess
import tempfile
import time


class Client:
    def __init__(self, port, context=None):
        self.sock = socket.create_connection(('127.0.0.1', port))
        if context:
            self.sock = context.wrap_socket(self.sock, server_hostname='localhost')
        self.buffer = b''
        self.received = 0
        self.until(b'\r\n')
        self.command('LOGIN test secret')

    def read(self):
        data = self.sock.recv(1 << 20)
        if not data:
            raise SystemExit('the server has closed the connection')
        self.received += len(data)
        self.buffer += data

    def until(self, end):
        while end not in self.buffer:
            self.read()
        at = self.buffer.index(end) + len(end)
        answer, self.buffer = self.buffer[:at], self.buffer[at:]
        return answer

    def command(self, text, data=b''):
        self.sock.sendall(b'x ' + text.encode() + data + b'\r\n')
        answer = b''
        while True:
            line = self.until(b'\r\n')
            answer += line
            if line.startswith(b'x '):
                if not line.startswith(b'x OK'):
                    raise SystemExit(line.decode())
                return answer


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))]


def cpu_seconds(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory_kib(pid):
    return int(re.search(r'VmRSS:\s+(\d+)', open(f'/proc/{pid}/status').read()).group(1))


class Server:
    def __init__(self, program):
        self.dir = tempfile.mkdtemp(prefix='bench_sync')
        ini = os.path.join(self.dir, 'postnook.ini')
        with open(ini, 'w') as f:
            f.write(f'bind-addr=127.0.0.1\nbind-port=0\nbind-port-tls=0\ndata-dir={self.dir}/data\n'
                    'allow-plaintext-auth=true\nmax-connections=5000\nmax-connections-per-account=5000\n')
        subprocess.run([program, '--config', ini, 'account', 'add', 'test', '--password-stdin'],
                       input=b'secret\n', check=True, stdout=subprocess.DEVNULL)
        self.log = open(os.path.join(self.dir, 'log'), 'w+')
        self.process = subprocess.Popen([program, '--config', ini, 'serve'], stderr=self.log, stdout=self.log)
        for _ in range(100):
            text = open(self.log.name).read()
            if '(TLS)' in text:
                break
            time.sleep(0.1)
        self.port = int(re.search(r'127\.0\.0\.1:(\d+) \(STARTTLS\)', text).group(1))
        self.tls_port = int(re.search(r'127\.0\.0\.1:(\d+) \(TLS\)', text).group(1))
        self.context = ssl.create_default_context(cafile=f'{self.dir}/data/tls/ca.pem')

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.dir)


def letter(n):
    return (f'From: a{n}@example.org\r\nSubject: letter {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\n'
            f'Hello {n}\r\n').encode()


def load(client, count):
    for begin in range(0, count, 1000):
        data = b''
        for n in range(begin, min(begin + 1000, count)):
            text = letter(n)
            data += b' {%d+}\r\n' % len(text) + text
        client.command('APPEND Archive', data)


def fan_out(server, count, rounds, idle_seconds):
    pid = server.process.pid
    before = memory_kib(pid)
    clients = []
    for _ in range(count):
        client = Client(server.tls_port, server.context)
        client.command('SELECT INBOX')
        client.sock.sendall(b'i IDLE\r\n')
        client.until(b'+ ')
        client.until(b'\r\n')
        clients.append(client)
    print(f'idle: {(memory_kib(pid) - before) / count:.1f} KiB resident per TLS session of {count}')
    cpu = cpu_seconds(pid)
    time.sleep(idle_seconds)
    print(f'idle: {cpu_seconds(pid) - cpu:.2f} s CPU in {idle_seconds} s with {count} sessions in IDLE')
    selector = selectors.DefaultSelector()
    for client in clients:
        client.sock.setblocking(False)
        selector.register(client.sock, selectors.EVENT_READ, client)
    writer = Client(server.tls_port, server.context)
    after_ok, after_send = [], []
    for n in range(rounds):
        text = letter(n)
        sent = time.monotonic()
        writer.command('APPEND INBOX', b' {%d+}\r\n' % len(text) + text)
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
    loader = Client(server.port)
    load(loader, count)
    answer = loader.command('SELECT Archive')
    validity = int(re.search(rb'UIDVALIDITY (\d+)', answer).group(1))
    times, cpus, octets = [], [], []
    for n in range(rounds):
        away = Client(server.port)
        away.command('ENABLE QRESYNC')
        modseq = int(re.search(rb'HIGHESTMODSEQ (\d+)', away.command('EXAMINE Archive')).group(1))
        away.command('UNSELECT')
        for i in range(20):  # 50 changes: 20 flags, 10 new, 20 expunged
            loader.command(f'UID STORE {1 + 97 * i + n} +FLAGS.SILENT (\\Flagged)')
        for i in range(10):
            text = letter(count + 10 * n + i)
            loader.command('APPEND Archive', b' {%d+}\r\n' % len(text) + text)
        gone = ','.join(str(2000 + n * 1000 + 41 * i) for i in range(20))
        loader.command(f'UID STORE {gone} +FLAGS.SILENT (\\Deleted)')
        loader.command(f'UID EXPUNGE {gone}')
        away.received = 0
        cpu = cpu_seconds(server.process.pid)
        begin = time.monotonic()
        answer = away.command(f'SELECT Archive (QRESYNC ({validity} {modseq}))')
        times.append(time.monotonic() - begin)
        cpus.append(cpu_seconds(server.process.pid) - cpu)
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
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * options.clients + 200), hard))
    server = Server(options.program)
    try:
        if options.messages:
            resume(server, options.messages, 10)
        if options.clients:
            fan_out(server, options.clients, options.rounds, options.idle_seconds)
    finally:
        server.stop()


main()
