#include "app/setup/trustplan.h"

#include <QFileInfo>
#include <QLatin1StringView>

#include <array>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct SystemStore {
    QLatin1StringView folder;
    QLatin1StringView update; // the command that takes up a change
};

constexpr std::array SystemStores{
    SystemStore{"/usr/local/share/ca-certificates"_L1, "update-ca-certificates"_L1}, // Debian
    SystemStore{"/etc/pki/ca-trust/source/anchors"_L1, "update-ca-trust"_L1}, // Fedora
    SystemStore{"/etc/pki/trust/anchors"_L1, "update-ca-certificates"_L1}, // openSUSE
    SystemStore{"/etc/ca-certificates/trust-source/anchors"_L1, "update-ca-trust"_L1}, // Arch
};

QString updateCommandOf(const QString &folder)
{
    for (const SystemStore &store : SystemStores) {
        if (folder.endsWith(store.folder)) {
            return store.update;
        }
    }
    return {};
}

TrustStep nssStep(TrustAction action, const TrustSurroundings &around, const MailProfile &profile)
{
    TrustStep step;
    step.what = u"%1, profile %2"_s.arg(profile.program, profile.folder);
    step.program = around.certutil;
    const QStringList where{u"-d"_s,
                            "sql:"_L1 + profile.folder,
                            u"-n"_s,
                            around.authorityName,
                            u"-f"_s,
                            around.noPassword};
    step.instead =
        u"With a primary password, or whatever the reason: in the program itself it is "
        "under Settings, Privacy & Security, Manage Certificates, Authorities; 'postnook "
        "cert export' writes the file."_s;
    if (action == TrustAction::Add) {
        // C: as the authority of servers, and of nothing else.
        step.arguments = QStringList{u"-A"_s, u"-t"_s, u"C,,"_s, u"-a"_s, u"-i"_s}
            + QStringList{around.authorityFile} + where;
    } else {
        step.arguments = QStringList{u"-D"_s} + where;
        step.isRepeated = true;
    }
    return step;
}

QStringList systemStoreByHand(TrustAction action, const QString &folder)
{
    const QString update = u"  sudo "_s + updateCommandOf(folder);
    const QString installed = folder + "/postnook-ca.crt"_L1;
    if (action == TrustAction::Remove) {
        return {u"To take it out of the list of the whole system, if it was put there:"_s,
                u"  sudo rm "_s + installed,
                update};
    }
    return {u"For all programs of this computer that go by the system's list (curl, mutt, mbsync, "
            "Evolution), an administrator runs:"_s,
            u"  postnook cert export postnook-ca.crt"_s,
            u"  sudo cp postnook-ca.crt "_s + installed,
            update};
}

void planLinux(TrustAction action, const TrustSurroundings &around, TrustPlan *plan)
{
    for (const MailProfile &profile : around.profiles) {
        if (!around.certutil.isEmpty()) {
            plan->steps.append(nssStep(action, around, profile));
        }
    }
    if (!around.profiles.isEmpty() && around.certutil.isEmpty()) {
        plan->byHand +=
            {u"Thunderbird is here, but not the program certutil that could tell it. Install it "
             "(Debian, Ubuntu: libnss3-tools; Fedora: nss-tools) and run this again, or in "
             "Thunderbird: Settings, Privacy & Security, Manage Certificates, Authorities."_s};
    }
    if (!around.systemStore.isEmpty()) {
        plan->byHand += systemStoreByHand(action, around.systemStore);
    }
}

void planMacOs(TrustAction action, const TrustSurroundings &around, TrustPlan *plan)
{
    const QString security = u"/usr/bin/security"_s;
    const QString keychain = around.home + "/Library/Keychains/login.keychain-db"_L1;
    if (action == TrustAction::Add) {
        plan->steps += {u"the login keychain"_s,
                        security,
                        {u"add-trusted-cert"_s,
                         u"-r"_s,
                         u"trustRoot"_s,
                         u"-p"_s,
                         u"ssl"_s,
                         u"-k"_s,
                         keychain,
                         around.authorityFile}};
        return;
    }
    plan->steps +=
        {u"the trust settings"_s, security, {u"remove-trusted-cert"_s, around.authorityFile}};
    plan->steps += {u"the login keychain"_s,
                    security,
                    {u"delete-certificate"_s, u"-Z"_s, around.sha1, keychain}};
}

void planWindows(TrustAction action, const TrustSurroundings &around, TrustPlan *plan)
{
    const bool isAdding = action == TrustAction::Add;
    plan->steps += {u"this user's trusted root authorities"_s,
                    around.certutil,
                    {u"-user"_s,
                     isAdding ? u"-addstore"_s : u"-delstore"_s,
                     u"Root"_s,
                     isAdding ? around.authorityFile : around.sha1}};
}

} // namespace

TrustSystem thisSystem()
{
#if defined(Q_OS_WIN)
    return TrustSystem::Windows;
#elif defined(Q_OS_MACOS)
    return TrustSystem::MacOs;
#else
    return TrustSystem::Linux;
#endif
}

TrustStep lookUpStep(const TrustSurroundings &surroundings, const MailProfile &profile)
{
    TrustStep step;
    step.program = surroundings.certutil;
    step.arguments = QStringList{u"-L"_s, u"-d"_s, "sql:"_L1 + profile.folder}
        + QStringList{u"-n"_s, surroundings.authorityName};
    return step;
}

TrustPlan trustPlan(TrustAction action, const TrustSurroundings &surroundings)
{
    TrustPlan plan;
    switch (surroundings.system) {
    case TrustSystem::Linux:
        planLinux(action, surroundings, &plan);
        break;
    case TrustSystem::MacOs:
        planMacOs(action, surroundings, &plan);
        break;
    case TrustSystem::Windows:
        planWindows(action, surroundings, &plan);
        break;
    }
    if (action == TrustAction::Add) {
        plan.byHand += {u"On other computers and phones, install the file that 'postnook cert "
                        "export' writes, or that of 'postnook setup-client'."_s};
    }
    return plan;
}

QString systemStoreBelow(const QString &root)
{
    for (const SystemStore &store : SystemStores) {
        if (QFileInfo(root + store.folder).isDir()) {
            return root + store.folder;
        }
    }
    return {};
}

} // namespace Postnook
