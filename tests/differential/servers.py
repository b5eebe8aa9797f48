"""The two servers of a run: each with a data folder of its own, on loopback, on a free port."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

DOVECOT_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = differential-{port}
protocols = imap
listen = 127.0.0.1
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_fsync = never
mail_location = sdbox:~/sdbox
# Lines that end in CRLF stay octet for octet; only a bare LF becomes a CRLF.
mail_save_crlf = yes
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class StartError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise StartError("no server came up on port %d" % port)


@contextlib.contextmanager
def stopped_at_end(process):
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


class Dovecot:
    def __init__(self, port, log):
        self.port = port
        self.log = log
        self.faults = 0

    def has_failed(self):
        """By its log, since this was asked last."""
        before = self.faults
        for _ in range(30):  # a process of its own writes the log
            with open(self.log, "rb") as log:
                self.faults = len(re.findall(rb": Panic: |got too little data", log.read()))
            if self.faults > before:
                return True
            time.sleep(0.1)
        return False


@contextlib.contextmanager
def dovecot():
    """Wants to be root, as Dovecot does; any user has the password "secret"."""
    if not shutil.which("dovecot"):
        raise StartError("Dovecot is not installed (Debian: dovecot-imapd)")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("mail", "state"):
            os.mkdir(os.path.join(folder, name))
        shutil.chown(os.path.join(folder, "mail"), "nobody", "nogroup")
        port = free_port()
        configuration = os.path.join(folder, "dovecot.conf")
        with open(configuration, "w", encoding="ascii") as out:
            out.write(DOVECOT_CONFIGURATION.format(folder=folder, port=port))
        process = subprocess.Popen(["dovecot", "-F", "-c", configuration], start_new_session=True)
        with stopped_at_end(process):
            wait_for_port(port, process)
            yield Dovecot(port, os.path.join(folder, "log"))


@contextlib.contextmanager
def postnook(program):
    """Gives the port; the account is test/secret."""
    with tempfile.TemporaryDirectory() as folder:
        configuration = os.path.join(folder, "postnook.ini")
        with open(configuration, "w", encoding="ascii") as out:
            out.write("bind-addr=127.0.0.1\nbind-port=0\nbind-port-tls=0\ndata-dir=%s/data\n"
                      "allow-plaintext-auth=true\nmax-request-size=100M\n" % folder)
        subprocess.run([program, "--config", configuration, "account", "add", "test",
                        "--password-stdin"], input=b"secret\n", check=True)
        with open(os.path.join(folder, "log"), "wb") as log:
            process = subprocess.Popen([program, "--config", configuration, "serve"], stderr=log)
        with stopped_at_end(process):
            yield port_in_log(os.path.join(folder, "log"), process)


def port_in_log(path, process):
    for _ in range(200):
        with open(path, "rb") as log:
            found = re.search(rb"listening on 127\.0\.0\.1:(\d+) \(STARTTLS\)", log.read())
        if found:
            return int(found.group(1))
        if process.poll() is not None:
            break
        time.sleep(0.1)
    with open(path, "r", errors="replace", encoding="utf-8") as log:
        raise StartError("Postnook did not start:\n" + log.read()[-2000:])
