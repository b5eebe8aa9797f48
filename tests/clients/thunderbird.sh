#!/usr/bin/env bash
# Thunderbird, on a screen of its own, driven from inside by thunderbird.py: reads, stars, moves, deletes, stores, makes
# a folder, sees new mail by IDLE, and starts a second time. SCREENSHOT=FILE keeps a picture (needs imagemagick).
needs="thunderbird Xvfb certutil"
here=$(realpath "$(dirname "$0")")
. "$here/server.sh"

deliver INBOX 1 2 3 4
export HOME=$work/home
profile=$HOME/profile
mkdir -p "$profile"
certutil -N -d "sql:$profile" --empty-password
certutil -A -d "sql:$profile" -n postnook -t C,, -i "$ca"
cat > "$profile/user.js" <<JS
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.accountmanager.defaultaccount", "account1");
user_pref("mail.account.account1.identities", "id1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.identity.id1.fullName", "Test");
user_pref("mail.identity.id1.useremail", "test@example.org");
user_pref("mail.identity.id1.valid", true);
user_pref("mail.server.server1.type", "imap");
user_pref("mail.server.server1.hostname", "localhost");
user_pref("mail.server.server1.port", $tls_port);
user_pref("mail.server.server1.socketType", 3);
user_pref("mail.server.server1.authMethod", 3);
user_pref("mail.server.server1.userName", "test");
user_pref("mail.server.server1.name", "Postnook");
user_pref("mail.server.server1.login_at_startup", false);
user_pref("mail.server.server1.check_new_mail", false);
user_pref("mail.server.server1.timeout", 29);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.shell.checkDefaultClient", false);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mail.winsearch.firstRunDone", true);
user_pref("mail.rights.version", 1);
user_pref("mailnews.start_page.enabled", false);
user_pref("mailnews.start_page_override.mstone", "ignore");
user_pref("app.donation.eoy.version.viewed", 999);
user_pref("app.update.auto", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "http://localhost:9/");
user_pref("browser.safebrowsing.downloads.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("security.OCSP.enabled", 0);
user_pref("offline.autoDetect", false);
user_pref("offline.startup_state", 3);
user_pref("network.manage-offline-status", false);
user_pref("marionette.port", 0);
JS

Xvfb -displayfd 3 -screen 0 1280x900x24 3> "$work/display" 2> "$work/xvfb" &
children=($!)
stop_all() {
  kill "${children[@]}" 2> /dev/null || true
  wait "${children[@]}" 2> /dev/null || true
  stop_server
}
trap stop_all EXIT
wait_for 10 test -s "$work/display" || fail "Xvfb: $(cat "$work/xvfb")"
DISPLAY=:$(cat "$work/display")
export DISPLAY

start() {
  rm -f "$profile/MarionetteActivePort"
  MOZ_DISABLE_CONTENT_SANDBOX=1 GDK_BACKEND=x11 thunderbird --profile "$profile" --no-remote --marionette --remote-allow-system-access \
    > "$work/thunderbird.out" 2>&1 &
  client=$!
  children+=("$client")
  wait_for 60 test -s "$profile/MarionetteActivePort" || fail "thunderbird: $(tail -n 20 "$work/thunderbird.out")"
}
drive() { # STEP
  timeout 120 python3 "$here/thunderbird.py" "$(cat "$profile/MarionetteActivePort")" "$1" > "$work/step" 2>&1 || fail "step $1: $(cat "$work/step")"
}
picture() {
  if [ -n "${SCREENSHOT:-}" ]; then import -window root "$SCREENSHOT"; fi
}

start
drive login
drive first
holds() { [ "$(count "$1" "${3:-ALL}")" = "$2" ]; }
wait_for 20 holds INBOX 2 || fail "INBOX should hold two letters"
wait_for 20 holds INBOX 1 SEEN || fail "not read"
wait_for 20 holds INBOX 1 FLAGGED || fail "no star"
for box in Archive Trash Drafts; do
  wait_for 20 holds "$box" 1 || fail "$box should hold one letter"
done
wait_for 20 holds 'B%26APw-ro%20%26-%20Co' 2 || fail "the new folder should hold two letters"
logged 'C: [^ ]+ append "Büro & Co" .*UTF8 \(~' || fail "Thunderbird does not speak UTF-8"
wait_for 20 logged 'C: [^ ]+ IDLE' || fail "Thunderbird does not idle"
deliver INBOX 5
drive idle
picture
drive quit
wait "$client" || fail "thunderbird: $(tail -n 20 "$work/thunderbird.out")"

# Again: what it has it does not ask for
before=$(wc -l < "$work/log")
start
drive second
drive quit
wait "$client" || fail "thunderbird: $(tail -n 20 "$work/thunderbird.out")"
tail -n "+$((before + 1))" "$work/log" | grep -aE 'C: [^ ]+ (UID )?FETCH .*BODY' && fail "Thunderbird read again what it has"
nothing_refused
echo "Thunderbird $(thunderbird --version 2> /dev/null | grep -oE '[0-9.]+esr|[0-9.]+' | head -n 1): read, starred, moved, deleted, stored a draft, made a folder, saw new mail by IDLE; second start reads nothing again"
