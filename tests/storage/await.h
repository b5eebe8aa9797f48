#pragma once

#include "storage/result.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFuture>
#include <QFutureWatcher>
#include <QTest>
#include <QTimer>

#include <chrono>

namespace Postnook::Test
{

constexpr auto AwaitTimeout = std::chrono::seconds(60);

// Runs the event loop until the future has its result. T is a Result; one that never comes is an
// error like any other.
template <typename T>
T await(const QFuture<T> &future)
{
    if (!future.isFinished()) {
        QEventLoop loop;
        QFutureWatcher<T> watcher;
        QObject::connect(&watcher, &QFutureWatcher<T>::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(AwaitTimeout, &loop, &QEventLoop::quit);
        watcher.setFuture(future);
        loop.exec();
    }
    if (!future.isFinished() || future.resultCount() == 0) {
        return Error{ErrorCode::Internal, QStringLiteral("the future never had a result")};
    }
    return future.result();
}

inline QByteArray describe(const Error &error)
{
    return "error " + QByteArray::number(int(error.code)) + ": " + error.text.toUtf8();
}

} // namespace Postnook::Test

// Fails the test, with the error in words, when the Result is one.
#define VERIFY_OK(expression)                                                                      \
    do {                                                                                           \
        const auto verifiedResult = (expression);                                                  \
        QVERIFY2(                                                                                  \
            verifiedResult.has_value(),                                                            \
            Postnook::Test::describe(verifiedResult ? Postnook::Error{} : verifiedResult.error())  \
                .constData());                                                                     \
    } while (false)

#define VERIFY_ERROR(expression, expectedCode)                                                     \
    do {                                                                                           \
        const auto verifiedResult = (expression);                                                  \
        QVERIFY(!verifiedResult.has_value());                                                      \
        QCOMPARE(int(verifiedResult.error().code), int(expectedCode));                             \
    } while (false)
