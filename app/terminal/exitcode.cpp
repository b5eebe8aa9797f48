#include "app/terminal/exitcode.h"

namespace Postnook
{

ExitCode exitCodeFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return ExitCode::NoUser;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Invalid:
    case ErrorCode::TooBig:
    case ErrorCode::Limit:
        return ExitCode::DataError;
    case ErrorCode::NotPermitted:
    case ErrorCode::ReadOnly:
        return ExitCode::NoPermission;
    case ErrorCode::OverQuota:
    case ErrorCode::Corrupt:
        return ExitCode::IoError;
    case ErrorCode::Busy:
        return ExitCode::TempFail;
    case ErrorCode::Unavailable:
    case ErrorCode::Cancelled:
        return ExitCode::Unavailable;
    case ErrorCode::Internal:
        break;
    }
    return ExitCode::Software;
}

} // namespace Postnook
