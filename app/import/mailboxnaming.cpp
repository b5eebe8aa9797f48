#include "app/import/mailboxnaming.h"

#include "core/wire/mailboxnames.h"

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

} // namespace

Result<MailboxNaming> MailboxNaming::below(const QString &root)
{
    return checkedName(root).transform([](const MailboxName &name) {
        MailboxNaming naming;
        naming.m_root = name;
        return naming;
    });
}

Result<MailboxName> MailboxNaming::nameFor(const QStringList &levels) const
{
    QStringList all;
    if (m_root) {
        all.append(QString::fromUtf8(m_root->utf8));
    }
    for (const QString &level : levels) {
        all.append(legalLevel(level));
    }
    return checkedName(all.isEmpty() ? u"INBOX"_s : all.join(u'/'));
}

QString levelFromUtf7(const QString &text)
{
    const auto decoded = decodeModifiedUtf7(text.toUtf8());
    return decoded ? QString::fromUtf8(*decoded) : text;
}

} // namespace Postnook
