#include "app/import/mailboxnaming.h"

#include "core/mailbox/specialuse.h"
#include "core/wire/mailboxnames.h"

#include <QRegularExpression>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

Result<MailboxName> checkedName(const QString &text)
{
    auto name = decodeMailboxName(encodeModifiedUtf7(text.toUtf8()));
    if (!name) {
        return Error{ErrorCode::Invalid,
                     u"'%1' cannot be the name of a mailbox: %2"_s.arg(text, name.error().text)};
    }
    return name;
}

QString legalLevel(const QString &level)
{
    QString legal;
    for (const QChar c : level) {
        const bool isLineEnd = c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
        const bool isLegal = c.category() != QChar::Other_Control && !isLineEnd && c != u'%'
            && c != u'*' && c != u'/';
        legal += isLegal ? c : u'_';
    }
    return legal.isEmpty() ? u"_"_s : legal;
}

bool isAtOrBelow(const MailboxName &name, const MailboxName &above)
{
    return name == above || name.utf8.startsWith(above.utf8 + HierarchySeparator);
}

// "%C3%A9" is "é"; what is no UTF-8 then stays as it is.
QString percentDecoded(const QString &level)
{
    static const QRegularExpression coded(u"%([0-9A-Fa-f]{2})"_s);
    if (!level.contains(coded)) {
        return level;
    }
    const QByteArray bytes = level.toUtf8();
    QByteArray decoded;
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const auto match = coded.match(QString::fromLatin1(bytes.mid(at, 3)));
        decoded += match.hasMatch() ? QByteArray::fromHex(bytes.mid(at + 1, 2)) : bytes.mid(at, 1);
        at += match.hasMatch() ? 2 : 0;
    }
    return decoded.isValidUtf8() ? QString::fromUtf8(decoded) : level;
}

} // namespace

Result<MailboxNaming> MailboxNaming::below(const QString &root)
{
    return checkedName(root).transform([](const MailboxName &name) {
        MailboxNaming naming;
        naming.m_root = name;
        return naming;
    });
}

Result<void> MailboxNaming::addMap(const QString &rule)
{
    const auto equals = rule.indexOf(u'=');
    if (equals <= 0 || equals == rule.size() - 1) {
        return Error{ErrorCode::Invalid,
                     u"'%1' does not say what becomes what: write it as Old=New"_s.arg(rule)};
    }
    const auto from = checkedName(rule.left(equals));
    const auto to = checkedName(rule.mid(equals + 1));
    if (!from || !to) {
        return from ? to.error() : from.error();
    }
    m_maps.append({*from, *to});
    return {};
}

QStringList MailboxNaming::unusedMaps() const
{
    QStringList unused;
    for (const Map &map : m_maps) {
        if (!*map.isUsed) {
            unused.append(QString::fromUtf8(map.from.utf8 + '=' + map.to.utf8));
        }
    }
    return unused;
}

Result<MailboxName> MailboxNaming::nameFor(const QStringList &levels) const
{
    return plainName(levels).and_then([this](const MailboxName &name) { return mapped(name); });
}

Result<MailboxName> MailboxNaming::usualNameFor(const QStringList &levels) const
{
    return plainName(levels).and_then([this](const MailboxName &name) {
        return mapped(m_root ? name : withSpecialMailbox(name));
    });
}

// "Archives/2023" is in the archive too.
MailboxName MailboxNaming::withSpecialMailbox(const MailboxName &name) const
{
    for (qsizetype end = 0; end < name.utf8.size();) {
        const auto next = name.utf8.indexOf(HierarchySeparator, end + 1);
        end = next < 0 ? name.utf8.size() : next;
        const auto own =
            m_specialMailboxes.find(specialUseOfName(MailboxName(name.utf8.first(end))));
        if (own != m_specialMailboxes.end()) {
            return MailboxName(own->utf8 + name.utf8.sliced(end));
        }
    }
    return name;
}

Result<MailboxName> MailboxNaming::mapped(const MailboxName &name) const
{
    const Map *best = nullptr;
    for (const Map &map : m_maps) {
        if (!isAtOrBelow(name, map.from)) {
            continue;
        }
        *map.isUsed = true;
        if (!best || map.from.utf8.size() > best->from.utf8.size()) {
            best = &map;
        }
    }
    if (!best) {
        return name;
    }
    return checkedName(QString::fromUtf8(best->to.utf8 + name.utf8.sliced(best->from.utf8.size())));
}

Result<MailboxName> MailboxNaming::plainName(const QStringList &levels) const
{
    QStringList all;
    if (m_root) {
        all.append(QString::fromUtf8(m_root->utf8));
    }
    for (const QString &level : levels) {
        all.append(legalLevel(percentDecoded(level)));
    }
    return checkedName(all.isEmpty() ? u"INBOX"_s : all.join(u'/'));
}

QString levelFromUtf7(const QString &text)
{
    const auto decoded = decodeModifiedUtf7(text.toUtf8());
    return decoded ? QString::fromUtf8(*decoded) : text;
}

} // namespace Postnook
