#pragma once

#include <QString>
#include <QStringView>

namespace Postnook::Mime
{

// Collects lines of text as the words of a preview: blanks are single spaces; what shows nothing,
// ASCII art, names of pictures and long addresses of web pages are left out.
class PreviewWords
{
public:
    enum class Urls { Short, All };

    explicit PreviewWords(qsizetype maxCharacters, Urls urls = Urls::Short);

    void addLine(QStringView line);
    bool isFull() const { return m_count > m_max; }
    bool isEmpty() const { return m_text.isEmpty(); }
    // Whether there is more than addresses of web pages.
    bool hasWords() const { return m_hasWords; }
    // Not more than the wanted number of characters (Unicode code points); never ends within what a
    // person sees as one character.
    QString text() const;

private:
    void addToken(QStringView token);
    void addUrl(QStringView &rest, QString &word) const;
    void addWord(const QString &word);

    qsizetype m_max;
    Urls m_urls;
    QString m_text;
    qsizetype m_count = 0; // code points in m_text
    bool m_hasWords = false;
    bool m_inPictureName = false; // "[image: a" was read, its "]" was not
};

} // namespace Postnook::Mime
