#pragma once

#include "storage/result.h"

namespace Postnook
{

// Exit codes of the program, those of sysexits.h: scripts and service managers know them.
enum class ExitCode {
    Ok = 0,
    Usage = 64, // the command line is wrong
    DataError = 65, // the input is wrong: a bad name, an account that is there already
    NoInput = 66, // no password came on standard input; there is no such file
    NoUser = 67, // no such account
    Unavailable = 69, // a port is taken, the running server does not answer
    Software = 70, // a fault of ours
    OsError = 71, // the system refuses something that it should give
    CannotCreate = 73, // a file or folder cannot be made
    IoError = 74,
    TempFail = 75, // another process owns the data folder, or the import was stopped: try again
    NoPermission = 77,
    Config = 78, // the settings or the certificate are wrong
};

// Why a program cannot go on, for its last line and its exit code.
struct StartError {
    ExitCode code = ExitCode::Software;
    QString text;
};

// For an error that ends the program.
ExitCode exitCodeFor(const Error &error);

} // namespace Postnook
