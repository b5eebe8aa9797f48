#include "app/export/maildirwriter.h"

#include "app/import/maildirsource.h"

#include <QDir>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto UidDigits = 10;

// Windows means something else by ':', and its file systems can be mounted anywhere.
QChar markFor(const QString &folder)
{
#ifdef Q_OS_WIN
    Q_UNUSED(folder);
    return u';';
#else
    QFile probe(QDir(folder).filePath(u"tmp/probe:2,"_s));
    return probe.open(QIODevice::WriteOnly) && probe.remove() ? u':' : u';';
#endif
}

} // namespace

Result<void> makeMaildir(const QString &folder)
{
    for (const QString &part : {u"tmp"_s, u"new"_s, u"cur"_s}) {
        const QString path = QDir(folder).filePath(part);
        if (!QDir().mkpath(path)) {
            return exportError(path, qt_error_string());
        }
    }
    return {};
}

MaildirWriter::MaildirWriter(const QString &folder, UidValidity uidValidity)
    : EmlWriter(folder)
    , m_uidValidity(uidValidity)
{
}

Result<void> MaildirWriter::makeFolders()
{
    if (m_hasFolders) {
        return {};
    }
    m_hasFolders = true;
    return makeMaildir(folder()).transform([this] { m_mark = markFor(folder()); });
}

Result<void> MaildirWriter::begin(const ExportedMessage &message)
{
    return makeFolders().and_then([&] { return EmlWriter::begin(message); });
}

// No time stands in front: readers would sort by it, and take it for the date.
EmlWriter::FileName MaildirWriter::nameFor(const ExportedMessage &message)
{
    const QString base = u"U%1.V%2.postnook"_s.arg(message.uid.value, UidDigits, 10, QChar(u'0'))
                             .arg(m_uidValidity.value);
    return {u"cur/%1%2"_s.arg(base, m_mark) + u"2,"_s + lettersFor(message.flags), base.toLatin1()};
}

// In ASCII order, as the format wants them.
QString MaildirWriter::lettersFor(const MessageFlags &flags)
{
    QString letters;
    letters += flags.system.testFlag(SystemFlag::Draft) ? u"D"_s : QString();
    letters += flags.system.testFlag(SystemFlag::Flagged) ? u"F"_s : QString();
    letters += flags.keywords.contains("$Forwarded") ? u"P"_s : QString();
    letters += flags.system.testFlag(SystemFlag::Answered) ? u"R"_s : QString();
    letters += flags.system.testFlag(SystemFlag::Seen) ? u"S"_s : QString();
    letters += flags.system.testFlag(SystemFlag::Deleted) ? u"T"_s : QString();
    QString ownLetters;
    for (const QByteArray &keyword : flags.keywords) {
        if (keyword == "$Forwarded") {
            continue;
        }
        if (!m_keywords.contains(keyword) && m_keywords.size() < MaildirKeywords::MaxCount) {
            m_keywords.append(keyword);
        }
        if (const auto index = m_keywords.indexOf(keyword); index >= 0) {
            ownLetters += QChar(static_cast<char16_t>(u'a' + index));
        }
    }
    std::sort(ownLetters.begin(), ownLetters.end());
    return letters + ownLetters;
}

Result<void> MaildirWriter::finish()
{
    if (const auto made = makeFolders(); !made) {
        return made;
    }
    if (!m_keywords.isEmpty()) {
        QByteArray text;
        for (qsizetype i = 0; i < m_keywords.size(); ++i) {
            text += QByteArray::number(i) + ' ' + m_keywords.at(i) + '\n';
        }
        ExportFile file;
        const auto written =
            file.create(QDir(folder()).filePath(QLatin1String(MaildirKeywords::FileName)))
                .and_then([&] { return file.write(text); })
                .and_then([&] { return file.close(); });
        if (!written) {
            return written;
        }
    }
    return EmlWriter::finish();
}

} // namespace Postnook
