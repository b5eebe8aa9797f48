"""The launch agent of macOS: a property list with the keys of launchd.plist(5) and no others, and
the place in it that `autostart` fills."""

import plistlib
import sys

KNOWN = {
    "Label": str,
    "ProgramArguments": list,
    "RunAtLoad": bool,
    "KeepAlive": dict,
    "ThrottleInterval": int,
    "ExitTimeOut": int,
    "Umask": int,
}

root = sys.argv[1]
with open(f"{root}/packaging/macos/postnook.plist", "rb") as file:
    agent = plistlib.load(file)
for key, value in agent.items():
    if type(value) is not KNOWN.get(key):
        sys.exit(f"{key}: {value!r} is not of launchd.plist(5)")
if agent["ProgramArguments"] != ["PROGRAM", "serve", "--background"]:
    sys.exit("ProgramArguments is not what autostart and the program expect")
with open(f"{root}/packaging/macos/autostart", encoding="utf-8") as file:
    if f"label={agent['Label']}\n" not in file.read():
        sys.exit("autostart has another label")
with open(f"{root}/packaging/macos/Info.plist.in", "rb") as file:
    plistlib.load(file)
