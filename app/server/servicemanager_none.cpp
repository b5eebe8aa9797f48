#include "app/server/servicemanager.h"

namespace Postnook
{

ServiceManager::ServiceManager(QObject *parent)
    : QObject(parent)
{
}

void ServiceManager::ready(const QString &status)
{
    Q_UNUSED(status)
}

void ServiceManager::stopping() { }

void ServiceManager::send(const QByteArray &state)
{
    Q_UNUSED(state)
}

} // namespace Postnook
