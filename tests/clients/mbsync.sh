#!/usr/bin/env bash
# mbsync over STARTTLS and TLS: pushes 1,000 messages, pulls them into an empty Maildir, then flags
# and deletes on both sides until nothing is left to do.
needs=mbsync
. "$(dirname "$0")/server.sh"

count=${COUNT:-1000}
box=$work/a/INBOX
mkdir -p "$box"/{cur,new,tmp}
for i in $(seq "$count"); do
  printf 'From: a%d@example.org\nTo: test@example.org\nSubject: message %d\nMessage-ID: <%d@example.org>\nDate: Mon, 5 Jan 2026 10:%02d:%02d +0000\n\nBody of message %d, gr\303\274\303\237e.\n' \
    "$i" "$i" "$i" $((i / 60 % 60)) $((i % 60)) "$i" > "$box/cur/$((1700000000 + i)).$i.host:2,$([ $((i % 3)) = 0 ] && echo S)"
done

config() { # FOLDER PORT SSLTYPE
  cat > "$work/$1.rc" <<RC
IMAPAccount server
Host localhost
Port $2
User test
Pass secret
SSLType $3
CertificateFile $ca

IMAPStore far
Account server

MaildirStore near
Path $work/$1/
Inbox $work/$1/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Both
Expunge Both
SyncState *
CopyArrivalDate yes
RC
}
letters() { find "$work/$1/INBOX/cur" "$work/$1/INBOX/new" -type f -exec "${@:2}" {} +; }
bodies() { letters "$1" cat | grep -v '^X-TUID:' | sort | sha256sum; }
flags() { # each Message-ID with the letters of its file's name
  letters "$1" grep -H -m1 '^Message-ID' | sed -E 's|^.*/[^/]*:2,([A-Z]*):(Message-ID.*)$|\2 \1|; s|^/.*:(Message-ID.*)$|\1 |' | sort | sha256sum
}
sync() { mbsync -c "$work/$1.rc" all > "$work/$1.out" 2>&1 || fail "mbsync $1: $(cat "$work/$1.out")"; }

config a "$port" STARTTLS
config b "$tls_port" IMAPS
mkdir -p "$work/b"
sync a
sync b
[ "$(bodies a)" = "$(bodies b)" ] || fail "pushed and pulled messages differ"
[ "$(letters b cat | grep -c '^Message-ID')" = "$count" ] || fail "not all were pulled"

# Flags on one side, deletions on the other, then the other way round.
for f in $(ls "$work/a/INBOX/cur" | head -n 50); do mv "$work/a/INBOX/cur/$f" "$work/a/INBOX/cur/${f%%:2,*}:2,FRS"; done
rm $(ls -d "$work"/b/INBOX/cur/* | tail -n 30)
for _ in 1 2; do sync a; sync b; done
for f in $(ls "$work/b/INBOX/cur" | head -n 20); do mv "$work/b/INBOX/cur/$f" "$work/b/INBOX/cur/${f%%:2,*}:2,RS"; done
rm $(ls -d "$work"/a/INBOX/cur/* | tail -n 25)
for _ in 1 2; do sync b; sync a; done
sync b
[ "$(bodies a)" = "$(bodies b)" ] || fail "messages differ after deletions"
[ "$(flags a)" = "$(flags b)" ] || fail "flags differ"

# Now nothing is left to do: the Maildirs do not change any more.
before=$(ls -R "$work/a/INBOX/cur" "$work/b/INBOX/cur" | sha256sum)
appends=$(grep -ac ' APPEND OK' "$work/log" || true)
sync a
sync b
[ "$before" = "$(ls -R "$work/a/INBOX/cur" "$work/b/INBOX/cur" | sha256sum)" ] || fail "a second sync did something"
[ "$appends" = "$(grep -ac ' APPEND OK' "$work/log" || true)" ] || fail "a second sync appended"
nothing_refused
echo "mbsync: $count messages over STARTTLS and TLS, identical; flags and deletions both ways; second sync does nothing"
