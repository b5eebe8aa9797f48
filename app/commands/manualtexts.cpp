#include "app/commands/manualtexts.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

QString manualIntroduction()
{
    return uR"(.SH NAME
postnook \- personal mail server (IMAP) for the desktop
.SH SYNOPSIS
.B postnook
.RI [ OPTIONS ]
.RI [ COMMAND ]
.SH DESCRIPTION
Postnook keeps the mail of a person or a household on their own disk and serves it to every mail
program that speaks IMAP.
It does not send mail.
.PP
One process, the server, owns the folder with the mail.
The other commands ask the running server to do their work; where none runs they do it themselves.
.PP
The first
.B postnook serve
writes a settings file in which every setting is explained, makes a certificate, and says what to
do next:
.PP
.nf
.RS
postnook account add \fINAME\fR
postnook import \fINAME\fR \(ti/Maildir \(ti/old\-mail.mbox
.RE
.fi
)"_s;
}

QString manualAboutSettings()
{
    return uR"(.SH SETTINGS
The settings file has one
.IR key = value
in each line; lines that begin with # or ; are comments.
Every key can be given as an option too:
.BR \-\-bind\-port=1143 .
)"_s;
}

QString manualConclusion()
{
    return uR"(.SH RUNNING IN THE BACKGROUND
The package brings a service for each user.
It is off until a user turns it on:
.PP
.nf
.RS
systemctl \-\-user enable \-\-now postnook
systemctl \-\-user status postnook
journalctl \-\-user \-u postnook
.RE
.fi
.PP
A service of a user runs while that user is logged in.
.B loginctl enable\-linger
.I USER
lets it run from the start of the computer on.
.SH PORTS BELOW 1024
The usual ports of IMAP are 143 and 993, and Linux keeps those below 1024 for the administrator.
Where that is so, the first run chooses 1143 and 1993, which every mail program can be told.
To use the usual ones there are two ways.
.PP
All programs may use ports from 143 on:
.PP
.nf
.RS
echo net.ipv4.ip_unprivileged_port_start=143 | sudo tee /etc/sysctl.d/50\-postnook.conf
sudo sysctl \-\-system
.RE
.fi
.PP
Or the administrator runs one server for a user as a service of the system,
.IR /etc/systemd/system/postnook.service :
.PP
.nf
.RS
[Unit]
Description=Postnook
[Service]
Type=notify
User=\fIUSER\fR
ExecStart=/usr/bin/postnook serve \-\-background
AmbientCapabilities=CAP_NET_BIND_SERVICE
Restart=on\-failure
TimeoutStartSec=infinity
[Install]
WantedBy=multi\-user.target
.RE
.fi
.PP
Then set
.B bind\-port
and
.B bind\-port\-tls
in the settings file.
A capability of the program file
.RB ( setcap (8))
is no way: the service of a user may gain no privileges, and each update would lose it.
.SH SIGNALS
.TP
.BR SIGTERM ", " SIGINT
The server ends: commands in progress complete, within the time of
.BR shutdown\-timeout .
A second one ends it at once.
What a mail program was told to be stored is stored in either case.
.TP
.B SIGHUP
The server reads its settings file and its certificate again, as
.B postnook reload
has it do.
.SH FILES
.TP
.I \(ti/.config/postnook/postnook.ini
the settings
.TP
.I \(ti/.local/share/postnook
mail, accounts and certificates, for the owner only
.TP
.I \(ti/.local/share/postnook/tls/ca.pem
the certificate authority that mail programs can be told to trust
.TP
.I \(ti/.local/state/postnook/postnook.log
the log of
.BR "serve \-\-background" ,
where neither
.B log\-file
nor systemd takes it
.SH ENVIRONMENT
.TP
.BR XDG_CONFIG_HOME ", " XDG_DATA_HOME ", " XDG_STATE_HOME
The folders
.IR \(ti/.config ,
.I \(ti/.local/share
and
.I \(ti/.local/state
are elsewhere.
.SH EXIT STATUS
0 is success.
Others are those of
.IR sysexits.h :
.PP
.nf
64  the command line is wrong
65  the input is wrong
66  there is no such file, or no password came
67  there is no such account
69  a port is taken, or the running server does not answer
70  a fault in Postnook
71  the system refuses something
73  a file or folder cannot be made
74  a disk failed or is full
75  not now, try again
77  permission is missing
78  the settings or the certificate are wrong
.fi
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1),
.BR loginctl (1),
.BR curl (1)
)"_s;
}

} // namespace Postnook
