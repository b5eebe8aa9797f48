#include "core/mailbox/specialuse.h"

#include <QHash>
#include <QString>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

struct Attribute {
    SpecialUse use;
    const char *name;
};

constexpr std::array Attributes{
    Attribute{SpecialUse::All, "\\All"},
    Attribute{SpecialUse::Archive, "\\Archive"},
    Attribute{SpecialUse::Drafts, "\\Drafts"},
    Attribute{SpecialUse::Flagged, "\\Flagged"},
    Attribute{SpecialUse::Junk, "\\Junk"},
    Attribute{SpecialUse::Sent, "\\Sent"},
    Attribute{SpecialUse::Trash, "\\Trash"},
    Attribute{SpecialUse::Important, "\\Important"},
};

struct NamesOfUse {
    SpecialUse use;
    const char *names; // with '|' between them
};

// What Outlook, Apple Mail, Thunderbird, Gmail and the mail programs of phones call their folders:
// English, then German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish,
// Czech, Hungarian, Romanian, Turkish, Greek, Russian, Ukrainian, Chinese, Japanese, Korean.
constexpr std::array UsualNames{
    NamesOfUse{SpecialUse::Drafts,
               "Drafts|Draft|Entwürfe|Entwurf|Brouillons|Brouillon|Borradores|Borrador|Bozze|"
               "Bozza|Rascunhos|Rascunho|Concepten|Utkast|Kladder|Kladde|Luonnokset|"
               "Szkice|Kopie robocze|Koncepty|Rozepsané|Piszkozatok|Ciorne|Taslaklar|Πρόχειρα|"
               "Черновики|Чернетки|草稿|草稿箱|草稿匣|下書き|임시 보관함|임시보관함"},
    NamesOfUse{SpecialUse::Sent,
               "Sent|Sent Items|Sent Messages|Sent Mail|Sent-Mail|Gesendet|Gesendete Objekte|"
               "Gesendete Elemente|Gesendete Nachrichten|Envoyés|Messages envoyés|"
               "Éléments envoyés|Objets envoyés|Enviados|Elementos enviados|Mensajes enviados|"
               "Correo enviado|Inviati|Posta inviata|Messaggi inviati|Inviata|Itens enviados|"
               "Mensagens enviadas|E-mails enviados|Verzonden|Verzonden items|"
               "Verzonden berichten|Skickat|Skickade objekt|Skickade meddelanden|Sendt|"
               "Sendt post|Sendte elementer|Sendte meldinger|Lähetetyt|Lähetetyt viestit|"
               "Wysłane|Elementy wysłane|Odeslané|Odeslaná pošta|Elküldött|Elküldött elemek|"
               "Trimise|Elemente trimise|Gönderilmiş|Gönderilmiş öğeler|Gönderilenler|"
               "Απεσταλμένα|Отправленные|Отправленные сообщения|Надіслані|Відправлені|已发送|"
               "已发送邮件|已傳送|寄件備份|送信済み|送信済みメール|보낸 편지함|보낸편지함"},
    NamesOfUse{SpecialUse::Trash,
               "Trash|Deleted|Deleted Items|Deleted Messages|Bin|Papierkorb|Gelöscht|"
               "Gelöschte Objekte|Gelöschte Elemente|Gelöschte Nachrichten|Corbeille|"
               "Éléments supprimés|Messages supprimés|Papelera|Elementos eliminados|"
               "Eliminados|Mensajes eliminados|Cestino|Posta eliminata|Messaggi eliminati|"
               "Lixo|Lixeira|Itens excluídos|Itens eliminados|Prullenbak|Prullenmand|"
               "Verwijderde items|Verwijderde berichten|Papperskorgen|Papperskorg|Borttaget|"
               "Borttagna objekt|Papirkurv|Papirkurven|Slettet post|Slettede elementer|Søppel|"
               "Roskakori|Poistetut|Kosz|Elementy usunięte|Koš|Odstraněná pošta|Kuka|"
               "Törölt elemek|Coș de gunoi|Elemente șterse|Çöp Kutusu|Çöp|Silinmiş öğeler|"
               "Κάδος|Κάδος απορριμμάτων|Διαγραμμένα|Корзина|Удаленные|Удалённые|Кошик|"
               "Видалені|已删除|已删除邮件|垃圾桶|刪除的郵件|ゴミ箱|削除済みアイテム|휴지통|"
               "지운 편지함"},
    NamesOfUse{SpecialUse::Junk,
               "Junk|Junk E-mail|Junk Email|Junk Mail|Spam|Bulk Mail|Spamverdacht|"
               "Junk-E-Mail|Unerwünscht|Courrier indésirable|Indésirables|Pourriel|"
               "Correo no deseado|Correo basura|Posta indesiderata|Indesiderata|"
               "Lixo eletrônico|Lixo eletrónico|Correio eletrónico não solicitado|"
               "Ongewenste e-mail|Ongewenst|Ongewenste reclame|Skräppost|Skräp|Uønsket e-mail|"
               "Uønsket post|Søppelpost|Roskaposti|Wiadomości-śmieci|Niechciane|"
               "Nevyžádaná pošta|Nevyžádané|Levélszemét|Mesaje nedorite|Önemsiz|Gereksiz|"
               "Istenmeyen|Ανεπιθύμητα|Ανεπιθύμητη αλληλογραφία|Спам|Нежелательная почта|"
               "Небажана пошта|垃圾邮件|垃圾郵件|迷惑メール|스팸|스팸 편지함|정크 메일"},
    NamesOfUse{SpecialUse::Archive,
               "Archive|Archives|Archiv|Archivo|Archivio|Arquivo|Arquivo morto|Archief|Arkiv|"
               "Arkisto|Archiwum|Archív|Archívum|Arhivă|Arşiv|Αρχείο|Архив|Архів|存档|归档|"
               "封存|アーカイブ|보관|보관함"},
};

QString folded(QByteArrayView utf8)
{
    return QString::fromUtf8(utf8).normalized(QString::NormalizationForm_C).toCaseFolded();
}

QHash<QString, SpecialUse> makeUsesByName()
{
    QHash<QString, SpecialUse> uses;
    for (const NamesOfUse &entry : UsualNames) {
        for (const QByteArray &name : QByteArray(entry.names).split('|')) {
            uses.insert(folded(name), entry.use);
        }
    }
    return uses;
}

} // namespace

QByteArray specialUseAttribute(SpecialUse use)
{
    const auto *found = std::find_if(
        Attributes.begin(), Attributes.end(), [use](const Attribute &a) { return a.use == use; });
    return found == Attributes.end() ? QByteArray() : QByteArray(found->name);
}

std::optional<SpecialUse> specialUseNamed(QByteArrayView attribute)
{
    for (const Attribute &known : Attributes) {
        if (attribute.compare(known.name, Qt::CaseInsensitive) == 0) {
            return known.use;
        }
    }
    return std::nullopt;
}

bool isAssignable(SpecialUse use)
{
    return use != SpecialUse::All && use != SpecialUse::Flagged;
}

SpecialUse specialUseOfName(const MailboxName &name)
{
    static const QHash<QString, SpecialUse> uses = makeUsesByName();
    QByteArray leaf = name.utf8;
    for (const char *parent : {"INBOX/", "[Gmail]/", "[Google Mail]/"}) {
        if (leaf.startsWith(parent)) {
            leaf.remove(0, static_cast<qsizetype>(qstrlen(parent)));
            break;
        }
    }
    return uses.value(folded(leaf), SpecialUse::None);
}

} // namespace Postnook
