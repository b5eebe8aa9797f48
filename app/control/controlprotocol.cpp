#include "app/control/controlprotocol.h"

#include "core/auth/credentials.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

namespace Postnook::ControlProtocol
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto KeyBytes = 32; // of SHA-256

struct CodeName {
    ErrorCode code;
    QLatin1StringView name;
};

constexpr std::array CodeNames{
    CodeName{ErrorCode::NotFound, "not-found"_L1},
    CodeName{ErrorCode::AlreadyExists, "already-exists"_L1},
    CodeName{ErrorCode::NotPermitted, "not-permitted"_L1},
    CodeName{ErrorCode::Invalid, "invalid"_L1},
    CodeName{ErrorCode::TooBig, "too-big"_L1},
    CodeName{ErrorCode::Limit, "limit"_L1},
    CodeName{ErrorCode::OverQuota, "over-quota"_L1},
    CodeName{ErrorCode::Corrupt, "corrupt"_L1},
    CodeName{ErrorCode::Busy, "busy"_L1},
    CodeName{ErrorCode::Unavailable, "unavailable"_L1},
    CodeName{ErrorCode::Cancelled, "cancelled"_L1},
    CodeName{ErrorCode::ReadOnly, "read-only"_L1},
    CodeName{ErrorCode::Internal, "internal"_L1},
};

QString nameOf(ErrorCode code)
{
    const auto it = std::find_if(CodeNames.begin(), CodeNames.end(), [code](const CodeName &row) {
        return row.code == code;
    });
    return it == CodeNames.end() ? u"internal"_s : QString(it->name);
}

ErrorCode codeOf(const QString &name)
{
    const auto it = std::find_if(CodeNames.begin(), CodeNames.end(), [&name](const CodeName &row) {
        return row.name == name;
    });
    return it == CodeNames.end() ? ErrorCode::Internal : it->code;
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QByteArray fromBase64(const QJsonValue &value)
{
    return QByteArray::fromBase64Encoding(value.toString().toLatin1(),
                                          QByteArray::AbortOnBase64DecodingErrors)
        .decoded;
}

} // namespace

QByteArray toLine(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

Result<QJsonObject> parseRequest(QByteArrayView line)
{
    auto request = QJsonDocument::fromJson(line.toByteArray()).object();
    if (!request.value("command"_L1).isString()) {
        return Error{ErrorCode::Invalid, u"the request is no JSON object with a command"_s};
    }
    return request;
}

Result<QJsonObject> parseReply(QByteArrayView line)
{
    auto reply = QJsonDocument::fromJson(line.toByteArray()).object();
    const auto ok = reply.value("ok"_L1);
    if (!ok.isBool()) {
        return Error{ErrorCode::Unavailable, u"the running server sent no proper reply"_s};
    }
    if (!ok.toBool()) {
        const auto error = reply.value("error"_L1).toObject();
        return Error{codeOf(error.value("code"_L1).toString()), error.value("text"_L1).toString()};
    }
    reply.remove("ok"_L1);
    return reply;
}

QJsonObject replyFor(const Result<QJsonObject> &result)
{
    if (!result) {
        const QJsonObject error{{u"code"_s, nameOf(result.error().code)},
                                {u"text"_s, result.error().text}};
        return {{u"ok"_s, false}, {u"error"_s, error}};
    }
    QJsonObject reply = *result;
    reply.insert("ok"_L1, true);
    return reply;
}

QJsonObject toJson(const ScramCredentials &credentials)
{
    return {{u"salt"_s, base64(credentials.salt)},
            {u"iterations"_s, credentials.iterations},
            {u"storedKey"_s, base64(credentials.storedKey)},
            {u"serverKey"_s, base64(credentials.serverKey)}};
}

Result<ScramCredentials> credentialsFromJson(const QJsonObject &object)
{
    ScramCredentials credentials{fromBase64(object.value("salt"_L1)),
                                 object.value("iterations"_L1).toInt(),
                                 fromBase64(object.value("storedKey"_L1)),
                                 fromBase64(object.value("serverKey"_L1))};
    if (credentials.salt.isEmpty() || credentials.iterations < Auth::MinIterations
        || credentials.iterations > Auth::MaxIterations || credentials.storedKey.size() != KeyBytes
        || credentials.serverKey.size() != KeyBytes) {
        return Error{ErrorCode::Invalid, u"the request holds no proper credentials"_s};
    }
    return credentials;
}

} // namespace Postnook::ControlProtocol
