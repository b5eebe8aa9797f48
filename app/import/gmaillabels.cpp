#include "app/import/gmaillabels.h"

#include "core/mailbox/specialuse.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"
#include "core/wire/normalization.h"
#include "core/wire/tokencursor.h"

#include <QHash>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// What Gmail's own labels say. Where a place in the account is meant by them, specialUseOfName()
// knows their names.
enum class Meaning { Inbox, Unread, Starred, Important, Draft, Nothing };

struct NamesOfMeaning {
    Meaning meaning;
    const char *names; // with '|' between them
};

// As Gmail calls them, and Takeout therefore writes them: English, German, French, Spanish,
// Italian, Portuguese, Dutch, Swedish, Polish, Czech. "Nothing" says only that it was opened or
// archived, which the lack of others says as well.
constexpr NamesOfMeaning OwnLabels[] = {
    {Meaning::Inbox,
     "Inbox|Posteingang|Boîte de réception|Recibidos|Bandeja de entrada|Posta in arrivo|"
     "Caixa de entrada|Postvak IN|Inkorgen|Odebrane|Doručená pošta"},
    {Meaning::Unread,
     "Unread|Ungelesen|Non lus|Non lu|No leídos|No leído|Non letti|Non letto|Da leggere|Não lidas|"
     "Não lidos|Não lida|Ongelezen|Olästa|Oläst|Nieprzeczytane|Nepřečtené"},
    {Meaning::Starred,
     "Starred|Markiert|Favoris|Suivis|Messages suivis|Destacados|Destacado|Speciali|Con stella|"
     "Com estrela|Met ster|Stjärnmärkta|Stjärnmärkt|Oznaczone gwiazdką|S hvězdičkou"},
    {Meaning::Important,
     "Important|Wichtig|Importants|Importantes|Importante|Importanti|Belangrijk|Viktigt|Ważne|"
     "Důležité"},
    {Meaning::Draft,
     "Draft|Drafts|Entwurf|Entwürfe|Brouillon|Brouillons|Borrador|Borradores|Bozza|Bozze|Rascunho|"
     "Rascunhos|Concept|Concepten|Utkast|Wersje robocze|Koncept|Koncepty"},
    {Meaning::Nothing,
     "Opened|Geöffnet|Ouvert|Ouverts|Abierto|Abiertos|Aperto|Aperti|Aberto|Abertos|Geopend|"
     "Archived|Archiviert|Archivé|Archivés|Messages archivés|Archivado|Archivados|Archiviato|"
     "Archiviati|Arquivado|Arquivados|Gearchiveerd|Arkiverat|Arkiverade|Archivováno"},
};

// "Category Promotions"; with a colon in other languages: "Kategorie: „Werbung“".
constexpr auto CategoryWord = "category "_L1;
constexpr auto Categories =
    "personal|social|promotions|updates|forums|purchases|reservations|travel";
constexpr auto OtherCategoryWords =
    "kategorie|catégorie|categoría|categoria|categorie|kategori|kategoria";
// What clients have set by IMAP: "IMAP_$Forwarded".
constexpr auto KeywordPrefix = "IMAP_"_L1;

QString folded(const QString &text)
{
    return toNfc(text).toCaseFolded();
}

QHash<QString, Meaning> makeMeanings()
{
    QHash<QString, Meaning> meanings;
    for (const NamesOfMeaning &row : OwnLabels) {
        for (const QString &name : QString::fromUtf8(row.names).split(u'|')) {
            meanings.insert(folded(name), row.meaning);
        }
    }
    return meanings;
}

std::optional<Meaning> meaningOf(const QString &label)
{
    static const QHash<QString, Meaning> meanings = makeMeanings();
    const auto it = meanings.find(folded(label));
    return it == meanings.end() ? std::nullopt : std::optional(*it);
}

void addKeyword(const QByteArray &keyword, MessageFlags *flags)
{
    TokenCursor cursor(keyword);
    const QByteArray checked = cursor.flag();
    cursor.expectEnd();
    const bool isKeyword = !cursor.hasFailed() && !checked.startsWith('\\');
    const bool isNew = std::none_of(
        flags->keywords.begin(), flags->keywords.end(), [&checked](const QByteArray &other) {
            return other.compare(checked, Qt::CaseInsensitive) == 0;
        });
    if (isKeyword && isNew) {
        flags->keywords.append(checked);
    }
}

// A category in English becomes a keyword ("Category-Promotions"); others, which would be another
// keyword in each language, are told by the field in the message alone.
bool takeCategory(const QString &label, MessageFlags *flags)
{
    static const QStringList english = QString::fromUtf8(Categories).split(u'|');
    static const QStringList others = QString::fromUtf8(OtherCategoryWords).split(u'|');
    const QString lower = folded(label);
    if (lower.startsWith(CategoryWord) && english.contains(lower.mid(CategoryWord.size()))) {
        addKeyword("Category-" + label.mid(CategoryWord.size()).toUtf8(), flags);
        return true;
    }
    return std::any_of(others.begin(), others.end(), [&lower](const QString &word) {
        return lower.startsWith(word) && lower.mid(word.size()).trimmed().startsWith(u':');
    });
}

// What several labels say together.
class Placing
{
public:
    Placing() { m_placing.flags.system = SystemFlag::Seen; }

    void take(const QString &label)
    {
        auto &flags = m_placing.flags;
        if (label.startsWith(KeywordPrefix)) {
            addKeyword(label.mid(KeywordPrefix.size()).toUtf8(), &flags);
        } else if (const auto meaning = meaningOf(label)) {
            apply(*meaning);
        } else if (!takeCategory(label, &flags)) {
            takePlace(label);
        }
    }

    GmailPlacing placing()
    {
        // Gmail shows what is in Trash or Spam nowhere else.
        if (m_isGone) {
            m_placing.mailboxes = {m_goneTo};
            return m_placing;
        }
        std::sort(m_own.begin(), m_own.end());
        m_own.erase(std::unique(m_own.begin(), m_own.end()), m_own.end());
        std::sort(m_places.rbegin(), m_places.rend()); // the inbox last: messages leave it
        m_placing.mailboxes = m_own + m_places;
        if (m_placing.mailboxes.isEmpty()) {
            m_placing.mailboxes = {{u"Archive"_s}};
        }
        return m_placing;
    }

private:
    void apply(Meaning meaning)
    {
        auto &flags = m_placing.flags;
        switch (meaning) {
        case Meaning::Inbox:
            addPlace({});
            break;
        case Meaning::Unread:
            flags.system.setFlag(SystemFlag::Seen, false);
            break;
        case Meaning::Starred:
            flags.system |= SystemFlag::Flagged;
            break;
        case Meaning::Important:
            addKeyword("$Important", &flags); // RFC 8457
            break;
        case Meaning::Draft:
            flags.system |= SystemFlag::Draft;
            addPlace({u"Drafts"_s});
            break;
        case Meaning::Nothing:
            break;
        }
    }

    void takePlace(const QString &label)
    {
        const SpecialUse use = specialUseOfName(MailboxName(label.toUtf8()));
        if (use == SpecialUse::Trash || use == SpecialUse::Junk) {
            m_isGone = true;
            m_goneTo = {use == SpecialUse::Trash ? u"Trash"_s : u"Junk"_s};
        } else if (use == SpecialUse::Sent) {
            addPlace({u"Sent"_s});
        } else if (use == SpecialUse::Drafts) {
            apply(Meaning::Draft);
        } else {
            m_own.append(label.split(u'/'));
        }
    }

    void addPlace(const QStringList &levels)
    {
        if (!m_places.contains(levels)) {
            m_places.append(levels);
        }
    }

    GmailPlacing m_placing;
    QList<QStringList> m_own; // the person's labels
    QList<QStringList> m_places; // of Gmail's
    bool m_isGone = false;
    QStringList m_goneTo;
};

} // namespace

QStringList gmailLabels(QByteArrayView fieldValue)
{
    const QString text = Mime::decodeHeaderText(Mime::unfolded(fieldValue));
    QStringList labels;
    QString label;
    bool isQuoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'"') {
            const bool isDoubled = isQuoted && i + 1 < text.size() && text.at(i + 1) == u'"';
            if (isDoubled) {
                label += c;
                ++i;
            } else {
                isQuoted = !isQuoted;
            }
        } else if (c == u',' && !isQuoted) {
            labels.append(label.trimmed());
            label.clear();
        } else {
            label += c;
        }
    }
    labels.append(label.trimmed());
    labels.removeAll(QString());
    return labels;
}

GmailPlacing placeByLabels(const QStringList &labels)
{
    Placing placing;
    for (const QString &label : labels) {
        placing.take(label);
    }
    return placing.placing();
}

} // namespace Postnook
