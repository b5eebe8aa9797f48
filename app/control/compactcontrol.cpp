#include "app/control/compactcontrol.h"

#include "app/control/knownaccount.h"

#include <QJsonObject>

namespace Postnook
{

using namespace Qt::StringLiterals;

CompactControl::CompactControl(Storage &storage, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
{
}

void CompactControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"compact"_s,
                  [this](const auto &request, const auto &done) { compact(request, done); });
}

void CompactControl::compact(const QJsonObject &request, const ControlDone &done)
{
    const auto how = request.value("begins"_L1).toBool() ? MailStore::Compacting::Begin
                                                         : MailStore::Compacting::GoOn;
    openMail(m_storage,
             request.value("name"_L1).toString(),
             this,
             [this, how, done](const Result<std::shared_ptr<MailStore>> &opened) {
                 if (!opened) {
                     return done(opened.error());
                 }
                 (*opened)->compact(how).then(
                     this, [store = *opened, done](const Result<Compaction> &compaction) {
                         done(compaction.transform([](const Compaction &step) {
                             return QJsonObject{{u"isDone"_s, step.isDone},
                                                {u"sizeBytes"_s, step.sizeBytes}};
                         }));
                     });
             });
}

} // namespace Postnook
