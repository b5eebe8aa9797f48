"""Runs one step inside Thunderbird: thunderbird.py PORT STEP, over the Marionette protocol."""
import json
import socket
import sys

COMMON = """
const done = arguments[arguments.length - 1];
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const server = MailServices.accounts.accounts.find(one => one.incomingServer.type == "imap").incomingServer;
const root = server.rootFolder;
if (Services.io.offline) { Services.io.manageOfflineStatus = false; Services.io.offline = false; }
const mail = Services.wm.getMostRecentWindow("mail:3pane");
const folder = name => root.subFolders.find(one => one.name.toLowerCase() == name.toLowerCase());
const pause = ms => new Promise(go => mail.setTimeout(go, ms));
async function until(what, condition) {
    for (let i = 0; i < 300; ++i) {
        try { const value = condition(); if (value) return value; } catch (e) { }
        await pause(100);
    }
    throw new Error("in vain: " + what);
}
const letters = box => Array.from(box.messages);
const letter = (box, number) => letters(box).find(one => one.mime2DecodedSubject == "letter " + number);
// What ends with a listener's call: the copy service's and the folder's work
const finished = start => new Promise((go, stop) => start({
    QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener", "nsIUrlListener"]),
    onStartCopy() { }, onProgress() { }, setMessageKey() { }, getMessageId() { return ""; },
    onStopCopy(status) { Components.isSuccessCode(status) ? go() : stop(new Error("copy: " + status)); },
    OnStartRunningUrl() { },
    OnStopRunningUrl(url, status) { Components.isSuccessCode(status) ? go() : stop(new Error("url: " + status)); },
    onStartRunningUrl() { },
    onStopRunningUrl(url, status) { Components.isSuccessCode(status) ? go() : stop(new Error("url: " + status)); },
}));
async function open(box) {
    const pane = await until("the folder pane", () => mail.document.getElementById("tabmail").currentAbout3Pane?.threadTree && mail.document.getElementById("tabmail").currentAbout3Pane);
    pane.displayFolder(box.URI);
    await until("the list of " + box.name, () => pane.gFolder == box && pane.gDBView);
    return pane;
}
(async () => { %s })().then(value => done({ ok: value ?? null }), error => done({ error: String(error) + "\\n" + error.stack }));
"""

STEPS = {
    "login": """
        const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
        login.init("imap://localhost", null, "imap://localhost", "test", "secret", "", "");
        await Services.logins.addLoginAsync(login);
    """,
    "first": """
        const inbox = folder("INBOX");
        const pane = await open(inbox); // connects
        await until("special folders", () => folder("Trash") && folder("Archive") && folder("Drafts"));
        await until("four letters", () => letters(inbox).length == 4);
        // Reads one as a user does: by choosing it in the list
        const view = await until("rows", () => pane.gDBView.rowCount == 4 && pane.gDBView);
        pane.threadTree.selectedIndex = view.findIndexOfMsgHdr(letter(inbox, 1), true);
        const text = () => pane.messageBrowser.contentWindow.getMessagePaneBrowser().contentDocument.body.textContent;
        await until("the text of letter 1", () => text().includes("Hello 1"));
        await until("letter 1 read", () => letter(inbox, 1).isRead);
        inbox.markMessagesFlagged([letter(inbox, 1)], true);
        await finished(listener => MailServices.copy.copyMessages(inbox, [letter(inbox, 2)], folder("Archive"), true, listener, null, false));
        await finished(listener => inbox.deleteMessages([letter(inbox, 3)], null, false, true, listener, true));
        await until("two letters", () => letters(inbox).length == 2);
        root.createSubfolder("B\\u00fcro & Co", null);
        const own = await until("the new folder", () => folder("B\\u00fcro & Co"));
        await finished(listener => MailServices.copy.copyMessages(inbox, [letter(inbox, 4)], own, false, listener, null, false));
        const store = async (box, text) => {
            const file = Services.dirsvc.get("TmpD", Ci.nsIFile);
            file.append("draft.eml");
            file.createUnique(Ci.nsIFile.NORMAL_FILE_TYPE, 0o600);
            await IOUtils.writeUTF8(file.path, text);
            await finished(listener => MailServices.copy.copyFileMessage(file, box, null, true, 0, "", listener, null));
            file.remove(false);
        };
        await store(folder("Drafts"), "From: test@example.org\\r\\nSubject: draft\\r\\n\\r\\nNot yet\\r\\n");
        await store(own, "From: J\u00f6rg <j\u00f6rg@example.org>\\r\\nSubject: Gr\u00fc\u00dfe\\r\\nMIME-Version: 1.0\\r\\nContent-Type: text/plain; charset=utf-8\\r\\n\\r\\nsch\u00f6n\\r\\n");
        await open(inbox);
    """,
    "idle": """
        const inbox = folder("INBOX");
        await until("the new letter", () => letter(inbox, 5));
        const pane = mail.document.getElementById("tabmail").currentAbout3Pane;
        await until("its row", () => pane.gDBView.rowCount == 3);
        pane.threadTree.selectedIndex = pane.gDBView.findIndexOfMsgHdr(letter(inbox, 5), true);
        const text = () => pane.messageBrowser.contentWindow.getMessagePaneBrowser().contentDocument.body.textContent;
        await until("the text of letter 5", () => text().includes("Hello 5"));
        await pause(1000); // it is drawn
    """,
    "second": """
        const inbox = folder("INBOX");
        await open(inbox);
        await finished(listener => inbox.QueryInterface(Ci.nsIMsgImapMailFolder) && inbox.updateFolderWithListener(null, listener));
        await until("three letters", () => letters(inbox).length == 3);
        if (!letter(inbox, 1).isFlagged || !letter(inbox, 1).isRead) throw new Error("flags are lost");
    """,
}


class Marionette:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=90)
        self.buffer = b""
        self.number = 0
        self.receive()

    def receive(self):
        while b":" not in self.buffer:
            self.more()
        size, self.buffer = self.buffer.split(b":", 1)
        while len(self.buffer) < int(size):
            self.more()
        packet, self.buffer = self.buffer[: int(size)], self.buffer[int(size) :]
        return json.loads(packet)

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise SystemExit("Thunderbird hung up")
        self.buffer += got

    def call(self, name, **parameters):
        self.number += 1
        packet = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(packet), packet))
        _, _, error, value = self.receive()
        if error:
            raise SystemExit(f"{name}: {error}")
        return value


def main():
    port, step = int(sys.argv[1]), sys.argv[2]
    client = Marionette(port)
    client.call("WebDriver:NewSession", capabilities={})
    if step == "quit":
        client.call("Marionette:Quit", flags=["eForceQuit"])
        return
    client.call("WebDriver:SetTimeouts", script=90000)
    client.call("Marionette:SetContext", value="chrome")
    result = client.call("WebDriver:ExecuteAsyncScript", script=COMMON % STEPS[step], args=[], sandbox="system", newSandbox=True)["value"]
    client.call("WebDriver:DeleteSession")
    if "error" in result:
        raise SystemExit(result["error"])


main()
