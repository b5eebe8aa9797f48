#include "storage/sqlite/filecopy.h"

#include <QDir>

namespace Postnook::Sqlite
{

namespace
{

constexpr qsizetype PieceBytes = 1024LL * 1024; // some milliseconds of a disk

QString native(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

} // namespace

FileCopy::FileCopy(ContentFiles &files, QString from, QString to, QByteArray sha256)
    : m_files(files)
    , m_from(std::move(from))
    , m_to(std::move(to))
    , m_sha256(std::move(sha256))
{
}

FileCopy::~FileCopy()
{
    m_copy.reset();
    m_readBack.reset();
    if (m_isLeft) {
        static_cast<void>(m_files.remove(m_to + QStringLiteral(".new")));
    }
}

Result<bool> FileCopy::copyMore()
{
    m_lastBytes = 0;
    if (m_readBack) {
        const auto more = readMore(*m_readBack, nullptr);
        if (!more || *more) {
            return more;
        }
        return end().transform([] { return false; });
    }
    if (!m_source) {
        if (auto begun = begin(); !begun) {
            return begun.error();
        }
    }
    const auto before = m_offset;
    const auto more = readMore(*m_source, m_copy.get());
    m_lastBytes = static_cast<qint64>(m_offset - before);
    if (!more || *more) {
        return more;
    }
    if (m_digest.result() != m_sha256) {
        return Error{ErrorCode::Corrupt,
                     QStringLiteral("The file %1 is damaged: it does not hold what came.")
                         .arg(native(m_from))};
    }
    if (m_to.isEmpty()) {
        return false;
    }
    if (auto synced = m_copy->sync(); !synced) {
        return synced.error();
    }
    m_copy.reset();
    auto written = m_files.open(m_to + QStringLiteral(".new"));
    if (!written) {
        return written.error();
    }
    m_readBack = std::move(*written);
    m_digest = Sha256();
    m_offset = 0;
    return true;
}

Result<void> FileCopy::begin()
{
    auto source = m_files.open(m_from);
    if (!source) {
        return source.error().code == ErrorCode::NotFound
            ? Error{ErrorCode::NotFound,
                    QStringLiteral("The file %1 is missing.").arg(native(m_from))}
            : source.error();
    }
    m_source = std::move(*source);
    if (m_to.isEmpty()) {
        return {};
    }
    const QString fresh = m_to + QStringLiteral(".new");
    if (auto removed = m_files.remove(fresh); !removed) {
        return removed;
    }
    auto file = m_files.create(fresh);
    if (!file) {
        return file.error();
    }
    m_copy = std::move(*file);
    m_isLeft = true;
    return {};
}

Result<bool> FileCopy::readMore(OpenFile &file, NewFile *into)
{
    const auto piece = file.read(m_offset, PieceBytes);
    if (!piece) {
        return piece.error();
    }
    m_digest.add(*piece);
    m_offset += static_cast<quint64>(piece->size());
    if (into != nullptr) {
        if (auto written = into->write(*piece); !written) {
            return written.error();
        }
    }
    return piece->size() == PieceBytes;
}

Result<void> FileCopy::end()
{
    m_readBack.reset();
    if (m_digest.result() != m_sha256) {
        return Error{ErrorCode::Unavailable,
                     QStringLiteral("The disk of %1 gave back other bytes than were written.")
                         .arg(native(m_to))};
    }
    return m_files.rename(m_to + QStringLiteral(".new"), m_to).and_then([this] {
        m_isLeft = false;
        return m_files.syncFolder(m_to.left(m_to.lastIndexOf(u'/')));
    });
}

} // namespace Postnook::Sqlite
