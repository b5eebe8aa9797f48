#include "core/session/capabilities.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

// Announced to clients that have logged in, and no single command's.
constexpr std::array Extensions{
    "CHILDREN", // RFC 3348
    "LIST-EXTENDED", // RFC 5258
    "LIST-STATUS", // RFC 5819
    "LIST-METADATA", // RFC 9590
    "SPECIAL-USE", // RFC 6154
    "CREATE-SPECIAL-USE",
    "STATUS=SIZE", // RFC 8438
    "MULTIAPPEND", // RFC 3502
    "APPENDLIMIT", // RFC 7889
    "ESEARCH", // RFC 4731
    "SEARCHRES", // RFC 5182
    "WITHIN", // RFC 5032
    "SAVEDATE", // RFC 8514
    "BINARY", // RFC 3516
    "PREVIEW", // RFC 8970
    "CONDSTORE", // RFC 7162
    "QRESYNC",
    "PARTIAL", // RFC 9394
    "UTF8=ACCEPT", // RFC 9755
    "INPROGRESS", // RFC 9585
    "UIDONLY", // RFC 9586
    "OBJECTID", // RFC 8474
    "SORT=DISPLAY", // RFC 5957
    "ESORT", // RFC 5267
    "THREAD=ORDEREDSUBJECT", // RFC 5256
    "SEARCH=FUZZY", // RFC 6203
    "FILTERS", // RFC 5466
    "I18NLEVEL=1", // RFC 5255
};

constexpr QByteArrayView Enabling = "ENABLE";
constexpr QByteArrayView Compression = "COMPRESS=DEFLATE"; // cannot be used twice

struct Need {
    const char *capability;
    const char *needs;
};
constexpr std::array Needs{
    Need{"LIST-STATUS", "LIST-EXTENDED"}, // RFC 5819 2
    Need{"LIST-METADATA", "LIST-EXTENDED"}, // RFC 9590
    Need{"LIST-METADATA", "METADATA"},
    Need{"SEARCHRES", "ESEARCH"}, // RFC 5182 2.1
    Need{"CONTEXT=SEARCH", "ESEARCH"},
    Need{"MULTISEARCH", "ESEARCH"}, // RFC 7377 2.1
    Need{"QRESYNC", "CONDSTORE"}, // RFC 7162 3.2
    Need{"QRESYNC", "ENABLE"}, // RFC 7162 3.2.3
    Need{"UTF8=ACCEPT", "ENABLE"}, // RFC 9755 3
    Need{"IMAP4rev2", "ENABLE"}, // RFC 9051 A
    Need{"UIDONLY", "ENABLE"},
    Need{"SORT=DISPLAY", "SORT"},
    Need{"ESORT", "SORT"},
    Need{"FILTERS", "METADATA"}, // RFC 5466 3.2
};

class CapabilityWriter
{
public:
    explicit CapabilityWriter(const CapabilityState &state)
        : m_state(state)
    {
    }

    void add(const QByteArray &name, const QByteArray &value = {})
    {
        if (!isHidden(name) && !m_names.contains(name)) {
            m_names << name + value;
        }
    }
    QByteArray list() const { return m_names.join(' '); }

private:
    bool isHidden(const QByteArray &name) const
    {
        if (m_state.hidden.contains(name.toUpper())) {
            return true;
        }
        return std::any_of(Needs.begin(), Needs.end(), [&](const Need &need) {
            return name == need.capability && isHidden(need.needs);
        });
    }

    const CapabilityState &m_state;
    QByteArrayList m_names;
};

void addLoginMethods(CapabilityWriter &writer, const CapabilityState &state)
{
    if (state.canStartTls) {
        writer.add("STARTTLS");
    }
    if (!state.mayAuthenticate) {
        writer.add("LOGINDISABLED");
        return;
    }
    writer.add("SASL-IR");
    writer.add("AUTH=PLAIN");
    writer.add("AUTH=SCRAM-SHA-256");
}

} // namespace

QByteArray capabilityList(std::span<const CommandRow> commands, const CapabilityState &state)
{
    CapabilityWriter writer(state);
    writer.add("IMAP4rev1");
    writer.add("IMAP4rev2");
    // Before login a literal that nobody waits for is small (RFC 7888 section 5).
    writer.add(state.isLoggedIn ? "LITERAL+" : "LITERAL-");
    if (!state.isLoggedIn) {
        addLoginMethods(writer, state);
    }
    for (const CommandRow &row : commands) {
        // Python's imaplib looks for ENABLE among what it is told before it logs in, and never
        // after.
        const bool isUsable = state.isLoggedIn
            || row.states.testFlag(SessionState::NotAuthenticated) || row.capability == Enabling;
        const bool isInForce = state.isCompressed && row.capability == Compression;
        if (row.capability != nullptr && isUsable && !isInForce) {
            writer.add(row.capability);
        }
    }
    if (state.isLoggedIn) {
        for (const QByteArray name : Extensions) {
            const bool hasValue = name == "APPENDLIMIT";
            writer.add(name, hasValue ? '=' + QByteArray::number(state.appendLimit) : QByteArray());
        }
    }
    return writer.list();
}

QByteArrayList hideableCapabilities(std::span<const CommandRow> commands)
{
    QByteArrayList names{"IMAP4REV2", "LITERAL+", "LITERAL-", "SASL-IR"};
    for (const CommandRow &row : commands) {
        if (row.capability != nullptr) {
            names << row.capability;
        }
    }
    for (const char *name : Extensions) {
        names << name;
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace Postnook
