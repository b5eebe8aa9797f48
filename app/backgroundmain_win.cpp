// The program `postnook-background` of Windows, run at log-on: keeps `postnook serve --background`
// running without a window, as systemd and launchd do elsewhere. `--end` makes the one that runs
// leave off, so that it restarts nothing; the server itself is ended by `postnook stop`.

#include <windows.h>

#include <algorithm>
#include <array>
#include <cwchar>
#include <string>

namespace
{

// Of this session of this user alone.
constexpr auto EndEventName = L"Local\\PostnookBackground";
constexpr DWORD RestartDelayMs = 5000;

// Empty when the path cannot be had.
std::wstring ownFolder()
{
    std::wstring path(32'768, L'\0'); // the longest that Windows knows
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    const auto end = path.rfind(L'\\');
    return end == std::wstring::npos ? std::wstring() : path.substr(0, end);
}

// Stopped, or sysexits that no restart mends: see packaging/linux/postnook.service.in.
bool isFinal(DWORD exitCode)
{
    constexpr std::array<DWORD, 5> Final{0, 64, 73, 77, 78};
    return std::find(Final.begin(), Final.end(), exitCode) != Final.end();
}

// Null when it cannot be started.
HANDLE startServer(const std::wstring &folder)
{
    const std::wstring program = folder + L"\\postnook.exe";
    std::wstring line = L"\"" + program + L"\" serve --background";
    STARTUPINFOW startup = {};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION process = {};
    if (!CreateProcessW(program.c_str(),
                        line.data(),
                        nullptr,
                        nullptr,
                        FALSE,
                        CREATE_NO_WINDOW,
                        nullptr,
                        nullptr,
                        &startup,
                        &process)) {
        return nullptr;
    }
    CloseHandle(process.hThread);
    return process.hProcess;
}

// False when it is not to be started again.
bool runServer(const std::wstring &folder, HANDLE end)
{
    const HANDLE server = startServer(folder);
    if (!server) {
        return false;
    }
    const std::array handles{end, server};
    const DWORD which =
        WaitForMultipleObjects(static_cast<DWORD>(handles.size()), handles.data(), FALSE, INFINITE);
    DWORD exitCode = 0;
    const bool hasEnded =
        which == WAIT_OBJECT_0 + 1 && GetExitCodeProcess(server, &exitCode) != FALSE;
    CloseHandle(server);
    return hasEnded && !isFinal(exitCode);
}

} // namespace

int WINAPI WinMain(HINSTANCE, HINSTANCE, LPSTR, int)
{
    const HANDLE end = CreateEventW(nullptr, TRUE, FALSE, EndEventName);
    const bool runsAlready = GetLastError() == ERROR_ALREADY_EXISTS;
    if (!end) {
        return 1;
    }
    if (std::wcsstr(GetCommandLineW(), L" --end")) {
        SetEvent(end);
    } else if (const std::wstring folder = ownFolder(); !runsAlready && !folder.empty()) {
        SetCurrentDirectoryW(L"C:\\"); // not the program's folder, which may have to go
        while (runServer(folder, end) && WaitForSingleObject(end, RestartDelayMs) == WAIT_TIMEOUT) {
        }
    }
    CloseHandle(end);
    return 0;
}
