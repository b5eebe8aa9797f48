#pragma once

#include <QFuture>
#include <QPointer>
#include <QPromise>

#include <memory>
#include <type_traits>
#include <utility>

namespace Postnook
{

// QFuture with one continuation of our own: `then(context, fn)` calls fn with the result unless the
// context is gone by then. QFuture's does the same in release builds, but up to Qt 6.4 it asserts
// in debug builds when the context went first, as it does whenever a client hangs up. fn runs in
// the thread that finishes the future: for every future of storage/ the main thread, where the
// contexts live. It may run at once, inside the caller, when the future is finished already.
template <typename T>
class Future : public QFuture<T>
{
public:
    Future() = default;
    Future(const QFuture<T> &future)
        : QFuture<T>(future)
    {
    }

    template <typename F>
    auto then(F &&fn)
    {
        return QFuture<T>::then(std::forward<F>(fn));
    }

    template <typename F>
    void then(QObject *context, F fn)
    {
        QFuture<T>::then(
            [guard = QPointer<QObject>(context), fn = std::move(fn)](const T &result) mutable {
                if (guard) {
                    fn(result);
                }
            });
    }
};

// A future's other end, which whoever has a copy may finish: once, by calling it with the result.
template <typename T>
class Promised
{
public:
    Promised() { m_promise->start(); }

    Future<T> future() const { return m_promise->future(); }
    void operator()(T result) const
    {
        m_promise->addResult(std::move(result));
        m_promise->finish();
    }

private:
    std::shared_ptr<QPromise<T>> m_promise = std::make_shared<QPromise<T>>();
};

template <typename T>
Future<T> finishedFuture(T result)
{
    const Promised<T> promised;
    promised(std::move(result));
    return promised.future();
}

} // namespace Postnook
