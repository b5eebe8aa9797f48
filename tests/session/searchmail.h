#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QList>
#include <QRandomGenerator>
#include <QString>

#include <optional>

namespace Postnook::Test
{

// A message as it goes into the store, and what its reader sees.
struct SearchMail {
    QByteArray bytes;
    QByteArray header; // of it; set apart for messages that are put into others
    MessageFlags flags;
    InternalDate date;
    bool isExpunged = false; // but kept
    QStringList texts; // each of them stands in one piece somewhere: TEXT has to find it
    std::optional<qint64> sentDay; // of those whose Date can be read by anybody
};

// Stands in scripts, comments, preambles and binary attachments: shown nowhere.
constexpr auto HiddenText = "decoynevershown";

// Mail of many scripts, charsets, encodings and structures, and what is wrong with mail.
class SearchMailGenerator
{
public:
    explicit SearchMailGenerator(quint32 seed)
        : m_random(seed)
    {
    }

    QList<SearchMail> mails(int count, qint64 nowUtc);

private:
    // A MIME entity on its way: what its header says of its body, and the body.
    struct Entity {
        QByteArray fields = {};
        QByteArray body = {};
        QStringList texts = {};
    };

    int below(int n) { return static_cast<int>(m_random.bounded(n)); }
    bool oneIn(int n) { return below(n) == 0; }
    template <typename T>
    const T &pick(const QList<T> &list)
    {
        return list.at(below(static_cast<int>(list.size())));
    }

    QString words(int count, QByteArray &charset);
    QString phrase(int count);

    SearchMail mail(int depth);
    void addHeader(SearchMail &mail);
    void addSubject(SearchMail &mail);
    void addAddresses(SearchMail &mail, const QByteArray &name);
    void addDate(SearchMail &mail);
    void addIds(SearchMail &mail);
    void addOddFields(SearchMail &mail);
    QByteArray headerText(const QString &text);
    QByteArray encodedWords(const QString &text);
    QByteArray folded(const QByteArray &text);

    Entity entity(int depth);
    Entity text();
    Entity html();
    Entity brokenText();
    Entity attachment();
    Entity multipart(int depth);
    Entity nested(int depth);
    void setText(Entity &entity, const QByteArray &type, const QString &text, QByteArray charset);
    QByteArray encoded(const QByteArray &octets, QByteArray &fields);
    QByteArray quotedPrintable(const QByteArray &octets);
    QByteArray base64Lines(const QByteArray &octets);
    QByteArray htmlWord(const QString &word);
    QByteArray attachmentName(const QString &name);
    QByteArray lineEnd() const { return m_bareLineFeeds ? "\n" : "\r\n"; }

    QRandomGenerator m_random;
    bool m_bareLineFeeds = false; // of the message that is being made
};

} // namespace Postnook::Test
