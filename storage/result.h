#pragma once

#include <QString>

#include <type_traits>
#include <utility>
#include <variant>

namespace Postnook
{

// What went wrong, in our own terms. Only core/session maps these to NO/BAD and RFC 5530 codes.
enum class ErrorCode {
    NotFound,
    AlreadyExists,
    NotPermitted,
    Invalid, // the request makes no sense (a bad name, a bad argument)
    TooBig,
    Limit, // a stated limit of the server was reached
    OverQuota, // disk full
    Corrupt,
    Busy,
    Unavailable, // the store cannot do it now (I/O error, read-only)
    Cancelled,
    ReadOnly,
    Internal,
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString text; // for people and the log; never sent to a client when code is Internal or Corrupt

    friend bool operator==(const Error &, const Error &) = default;
};

// A value or an Error, with the names of std::expected so that an alias can replace it later.
// Not thread-bound; copyable when T is.
template <typename T>
class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(const T &value)
        : m_data(std::in_place_index<0>, value)
    {
    }
    Result(T &&value)
        : m_data(std::in_place_index<0>, std::move(value))
    {
    }
    Result(const Error &error)
        : m_data(std::in_place_index<1>, error)
    {
    }
    Result(Error &&error)
        : m_data(std::in_place_index<1>, std::move(error))
    {
    }

    bool has_value() const { return m_data.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T &value() & { return std::get<0>(m_data); }
    const T &value() const & { return std::get<0>(m_data); }
    // By value, unlike std::expected: `for (x : *call())` would outlive its Result otherwise.
    T value() && { return std::get<0>(std::move(m_data)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T operator*() && { return std::move(*this).value(); }
    T *operator->() { return &std::get<0>(m_data); }
    const T *operator->() const { return &std::get<0>(m_data); }

    const Error &error() const { return std::get<1>(m_data); }

    template <typename U>
    T value_or(U &&fallback) const
    {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

    template <typename F>
    auto and_then(F &&f) const -> std::invoke_result_t<F, const T &>
    {
        if (!has_value()) {
            return error();
        }
        return std::forward<F>(f)(value());
    }

    template <typename F>
    auto transform(F &&f) const -> Result<std::invoke_result_t<F, const T &>>
    {
        if (!has_value()) {
            return error();
        }
        if constexpr (std::is_void_v<std::invoke_result_t<F, const T &>>) {
            std::forward<F>(f)(value());
            return {};
        } else {
            return std::forward<F>(f)(value());
        }
    }

private:
    std::variant<T, Error> m_data;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    using value_type = void;

    Result() = default;
    Result(const Error &error)
        : m_error(error)
        , m_failed(true)
    {
    }
    Result(Error &&error)
        : m_error(std::move(error))
        , m_failed(true)
    {
    }

    bool has_value() const { return !m_failed; }
    explicit operator bool() const { return has_value(); }
    const Error &error() const { return m_error; }

    template <typename F>
    auto and_then(F &&f) const -> std::invoke_result_t<F>
    {
        if (m_failed) {
            return m_error;
        }
        return std::forward<F>(f)();
    }

    template <typename F>
    auto transform(F &&f) const -> Result<std::invoke_result_t<F>>
    {
        return and_then([&]() -> Result<std::invoke_result_t<F>> {
            if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
                std::forward<F>(f)();
                return {};
            } else {
                return std::forward<F>(f)();
            }
        });
    }

private:
    Error m_error;
    bool m_failed = false;
};

} // namespace Postnook
