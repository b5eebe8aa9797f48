#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Fuzz
{

// Where a property does not hold. Each program says once what that means: the end of a fuzzer
// (fuzzer.cpp), the failure of a Qt Test (tst_corpus.cpp).
void reportFalse(const char *property, const char *details, const char *file, int line);

} // namespace Postnook::Fuzz

// States what must be true whatever the input; leaves the function, which returns nothing, when it
// is not. The second form takes a QByteArray that says more.
#define PROPERTY(condition) PROPERTY2(condition, QByteArray())
#define PROPERTY2(condition, details)                                                              \
    do {                                                                                           \
        if (!static_cast<bool>(condition)) {                                                       \
            Postnook::Fuzz::reportFalse(                                                           \
                #condition, QByteArray(details).constData(), __FILE__, __LINE__);                  \
            return;                                                                                \
        }                                                                                          \
    } while (false)
