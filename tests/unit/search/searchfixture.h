#pragma once

#include "fakemailbox.h"

namespace Postnook
{

inline const QByteArray Plain = "From: Ann Miller <ann@example.org>\r\n"
                                "To: Bob <bob@example.org>, Carol\r\n"
                                " <carol@example.org>\r\n"
                                "Subject: Lunch on\r\n"
                                " Friday\r\n"
                                "Date: Mon, 7 Feb 1994 21:52:25 -0800\r\n"
                                "X-Empty:\r\n"
                                "Content-Type: text/plain; charset=utf-8\r\n"
                                "\r\n"
                                "Shall we meet at the Caf\xc3\xa9?\r\n"
                                "subject: not the header\r\n";

inline const QByteArray Mixed = "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.net>\r\n"
                                "Cc: ann@example.org\r\n"
                                "Bcc: secret@example.org\r\n"
                                "Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?w7xiZXJhbGw=?=\r\n"
                                "Date: 8 Feb 94 23:30 +0100\r\n"
                                "MIME-Version: 1.0\r\n"
                                "Content-Type: multipart/mixed; boundary=b\r\n"
                                "\r\n"
                                "the preamble\r\n"
                                "--b\r\n"
                                "Content-Type: text/html; charset=iso-8859-1\r\n"
                                "Content-Transfer-Encoding: quoted-printable\r\n"
                                "\r\n"
                                "<p>Viele Gr=FC=DFe, <b>J=F6rg</b></p>\r\n"
                                "--b\r\n"
                                "Content-Type: text/plain; name=notes.txt\r\n"
                                "Content-Transfer-Encoding: base64\r\n"
                                "\r\n"
                                "YXBwbGVzIGFuZCBwZWFycw==\r\n"
                                "--b--\r\n";

inline const QByteArray Bare = "X-Note: nothing else\r\n\r\nna\xefve text\r\n";
inline const QByteArray NoBody = "Subject: head only\r\nDate: nonsense\r\n\r\n";

// UIDs 2, 3, 5, 8, 9 are in the view. 4 was expunged and the client knows, 8 was and it does not,
// 12 is new and not told yet.
struct SearchFixture {
    FakeMailbox mailbox;
    SearchScope scope;

    SearchFixture()
    {
        mailbox.add(2, Plain).flag(SystemFlag::Seen).received("08-Feb-1994 00:30:00 +0200");
        mailbox.add(3, Mixed)
            .flag(SystemFlag::Answered | SystemFlag::Flagged)
            .keyword("$Junk")
            .received(" 7-Feb-1994 23:30:00 -0800");
        mailbox.add(4, Plain).expunged = true;
        mailbox.add(5, Bare)
            .flag(SystemFlag::Seen | SystemFlag::Draft)
            .keyword("$junk2")
            .keyword("Work")
            .received("31-Dec-1969 23:59:59 +0000");
        FakeMailbox::Message &gone = mailbox.add(8, Plain);
        gone.flag(SystemFlag::Deleted).received(" 1-Mar-2026 12:00:00 +0000");
        gone.expunged = true;
        mailbox.add(9, NoBody).received(" 1-Mar-2026 12:00:00 +0000");
        mailbox.add(12, Plain);
        scope.uids = {Uid(2), Uid(3), Uid(5), Uid(8), Uid(9)};
        scope.recent = {{Uid(8), Uid(9)}};
    }
    QByteArray search(const QByteArray &criteria)
    {
        return toText(searchFor(mailbox, criteria, scope));
    }
};

} // namespace Postnook
