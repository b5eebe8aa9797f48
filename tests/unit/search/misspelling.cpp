#include "misspelling.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString withoutAccents(const QString &word)
{
    QString plain;
    const auto parts = word.normalized(QString::NormalizationForm_D);
    for (const QChar c : parts) {
        if (!c.isMark()) {
            plain += c;
        }
    }
    return plain;
}

} // namespace

const QList<QStringList> &Misspeller::languages()
{
    static const QList<QStringList> languages{
        u"the and with from that your please attached invoice meeting monday minutes report annual "
        "project customer delivery address schedule reservation confirm tomorrow question thanks "
        "regards summer holiday garden kitchen flight ticket passport insurance contract signature "
        "payment account receipt number between another weather appointment discussion necessary"_s
            .split(u' '),
        u"und der die das mit von bitte anbei Rechnung Sitzung Montag Protokoll Bericht jährlich "
        "Projekt Kunde Lieferung Anschrift Übersicht Grüße Straße Müller Vertrag Unterschrift "
        "Zahlung Bestätigung Geschäftsführer Krankenversicherung Schlüssel Wohnung morgen Frage "
        "danke Urlaub Garten Küche Flug Fahrkarte Ausweis schön außerdem während natürlich"_s.split(
            u' '),
        u"les des une avec pour votre facture réunion lundi rapport annuel projet client livraison "
        "adresse étude élève façon garçon déjà présence signature paiement été vacances jardin "
        "cuisine billet passeport assurance contrat rendez développement nécessaire œuvre cœur "
        "français température bibliothèque"_s.split(u' '),
        u"los las una con para factura reunión lunes informe anual proyecto cliente entrega "
        "dirección mañana pregunta gracias saludos vacaciones jardín cocina vuelo pasaporte seguro "
        "contrato firma pago cuenta número español corazón también después teléfono"_s.split(u' '),
        u"oraz dla przez faktura spotkanie poniedziałek protokół sprawozdanie roczny projekt "
        u"klient "
        "dostawa adres pytanie dziękuję pozdrowienia wakacje ogród kuchnia lot bilet paszport "
        "ubezpieczenie umowa podpis płatność rachunek numer źródło łódź żółty ciężki"_s.split(u' '),
        u"fatura toplantı pazartesi tutanak rapor yıllık proje müşteri teslimat adres yarın soru "
        "teşekkür tatil bahçe mutfak uçuş bilet pasaport sigorta sözleşme imza ödeme hesap ışık "
        "değişiklik öğretmen güneş"_s.split(u' '),
        u"это для как счёт встреча понедельник протокол отчёт годовой проект заказчик доставка "
        "адрес вопрос спасибо отпуск сад кухня билет паспорт страховка договор подпись оплата "
        "номер "
        "ещё погода между необходимо обсуждение"_s.split(u' '),
        u"και για από τιμολόγιο συνάντηση δευτέρα πρακτικά έκθεση ετήσια έργο πελάτης παράδοση "
        "διεύθυνση αύριο ερώτηση ευχαριστώ διακοπές κήπος κουζίνα πτήση εισιτήριο διαβατήριο "
        "ασφάλεια συμβόλαιο υπογραφή πληρωμή λογαριασμός"_s.split(u' '),
    };
    return languages;
}

const QStringList &Misspeller::anyLanguage()
{
    return languages().at(below(languages().size()));
}

QString Misspeller::mail(const QStringList &words)
{
    QString text;
    for (int i = 0; i < 120; ++i) {
        const QString &word = words.at(below(words.size()));
        const int sign = below(12);
        text += word + (sign == 0 ? u", "_s : sign == 1 ? u".\r\n"_s : u" "_s);
    }
    return text;
}

QString Misspeller::longWordOf(const QString &mail)
{
    constexpr qsizetype Enough = 5;
    const auto words = mail.simplified().split(u' ');
    for (;;) {
        QString word = words.at(below(words.size()));
        while (!word.back().isLetter()) {
            word.chop(1);
        }
        if (word.size() >= Enough) {
            return word;
        }
    }
}

QString Misspeller::misspelt(const QString &word)
{
    QString typed = below(2) == 0 ? word : withoutAccents(word);
    typed = withSlip(typed);
    return word.size() >= 8 && below(2) == 0 ? withSlip(typed) : typed;
}

// Another letter is one of the word's own, so that it is of the same script.
QString Misspeller::withSlip(QString word)
{
    const int at = below(word.size());
    const QChar other = word.at(below(word.size()));
    switch (below(4)) {
    case 0:
        return word.remove(at, 1);
    case 1:
        return word.insert(at, other);
    case 2:
        word[at] = other;
        return word;
    default:
        if (at > 0) {
            std::swap(word[at], word[at - 1]);
        }
        return word;
    }
}

} // namespace Postnook
