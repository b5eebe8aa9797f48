"""What the benchmarks in Python share: a server of their own on loopback, clients, figures. Linux only."""
import itertools
import os
import random
import re
import resource
import shutil
import socket
import ssl
import subprocess
import tempfile
import time


class Refused(Exception):
    """The server has answered NO or BAD."""


class Client:
    """A connection, logged in unless `user` is None. Reads nothing that it was not asked to."""

    def __init__(self, port, tls=True, user='test', password='secret'):
        self.sock = socket.create_connection(('127.0.0.1', port))
        if tls:
            self.sock = tls_context().wrap_socket(self.sock)
        self.buffer = b''
        self.lines, self.at = [], 0  # whole ones that were read and not asked for yet
        self.received = 0
        self.line()
        if user:
            self.command(f'LOGIN {user} {password}')

    def read(self):
        data = self.sock.recv(1 << 20)
        if not data:
            raise ConnectionError('the server has closed the connection')
        self.received += len(data)
        self.buffer += data

    def line(self):
        if self.at == len(self.lines):
            while b'\n' not in self.buffer:
                self.read()
            *self.lines, self.buffer = self.buffer.split(b'\n')
            self.at = 0
        self.at += 1
        return self.lines[self.at - 1] + b'\n'

    def command(self, text, data=b''):
        """Sends it and gives the answer, which has to be OK. No literal in it may look like its end."""
        self.sock.sendall(b'x ' + text.encode() + data + b'\r\n')
        lines = [self.line()]
        while not lines[-1].startswith(b'x '):
            lines.append(self.line())
        if not lines[-1].startswith(b'x OK'):
            raise Refused(lines[-1].decode())
        return b''.join(lines)

    def append(self, mailbox, *messages):
        self.command('APPEND ' + mailbox, b''.join(b' {%d+}\r\n' % len(m) + m for m in messages))

    def idle(self):
        self.sock.sendall(b'i IDLE\r\n')
        self.line()


def tls_context():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Server:
    """Runs on free ports in a temporary folder until stop()."""

    def __init__(self, program, settings='', accounts=('test',)):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.dir = tempfile.mkdtemp(prefix='postnook-bench-')
        ini = os.path.join(self.dir, 'postnook.ini')
        with open(ini, 'w') as f:
            f.write(f'bind-addr=127.0.0.1\nbind-port=0\nbind-port-tls=0\ndata-dir={self.dir}/data\n'
                    f'allow-plaintext-auth=true\n{settings}')
        for account in accounts:
            subprocess.run([program, '--config', ini, 'account', 'add', account, '--password-stdin'],
                           input=b'secret\n', check=True, stdout=subprocess.DEVNULL)
        log = os.path.join(self.dir, 'log')
        with open(log, 'w') as f:
            self.process = subprocess.Popen([program, '--config', ini, 'serve'], stderr=f, stdout=f)
        self.pid = self.process.pid
        text = ''
        while '(TLS)' not in text:
            time.sleep(0.05)
            with open(log) as f:
                text = f.read()
            if self.process.poll() is not None:
                raise SystemExit(text)
        self.port = int(re.search(r'127\.0\.0\.1:(\d+) \(STARTTLS\)', text).group(1))
        self.tls_port = int(re.search(r'127\.0\.0\.1:(\d+) \(TLS\)', text).group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.dir)

    def cpu_seconds(self):
        with open(f'/proc/{self.pid}/stat') as f:
            fields = f.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def wait_until_idle(self):
        """Until the index is made."""
        busy = self.cpu_seconds()
        while True:
            time.sleep(3)
            now = self.cpu_seconds()
            if now - busy < 0.03:
                return
            busy = now

    def memory_kib(self, which='VmRSS'):
        """VmRSS: what is resident now; VmHWM: the most since reset_peak()."""
        with open(f'/proc/{self.pid}/status') as f:
            return int(re.search(which + r':\s+(\d+)', f.read()).group(1))

    def reset_peak(self):
        with open(f'/proc/{self.pid}/clear_refs', 'w') as f:
            f.write('5')


def letter(n):
    return (f'From: a{n}@example.org\r\nSubject: letter {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\n'
            f'Hello {n}\r\n').encode()


def texts(seed=1):
    """Letters without end, each with 200 words of 5,000, the commoner ones of common characters: 1.5 KB."""
    choose = random.Random(seed)
    words = [''.join(choose.choices('etaoinshrdlucmfwypvbgkjqxz', weights=range(26, 0, -1), k=choose.randint(3, 9)))
             for _ in range(5000)]
    for n in itertools.count():
        yield letter(n) + b''.join(' '.join(choose.choices(words, k=10)).encode() + b'\r\n' for _ in range(20))


def fill(client, mailbox, count, letters=None):
    letters = letters or map(letter, itertools.count())
    for begin in range(0, count, 1000):
        client.append(mailbox, *itertools.islice(letters, min(1000, count - begin)))


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))]
