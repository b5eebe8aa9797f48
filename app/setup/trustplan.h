#pragma once

#include "app/setup/mailprofiles.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

enum class TrustAction { Add, Remove };
enum class TrustSystem { Windows, MacOs, Linux };

TrustSystem thisSystem();

// What a plan has to know of the computer and of the authority.
struct TrustSurroundings {
    TrustSystem system = TrustSystem::Linux;
    QString home;
    QString certutil; // of NSS on Linux, of Windows on Windows; empty: not there
    QString systemStore; // Linux: the folder of the system's additional authorities; empty: none
    QList<MailProfile> profiles;
    QString authorityFile; // PEM; there as long as the steps run
    QString noPassword; // an empty file: NSS asks nobody for the password of a profile
    QString authorityName;
    QString sha1; // of the authority, hexadecimal without colons
};

// A program that changes one list of authorities, as the person who runs it.
struct TrustStep {
    QString what; // "the login keychain"
    QString program;
    QStringList arguments;
    bool isRepeated = false; // until it fails: removes whatever goes by the name
    QString instead = {}; // what a person can do where it fails
};

struct TrustPlan {
    QList<TrustStep> steps;
    // Lines for a person: what takes an administrator, or a program of its own.
    QStringList byHand;
};

// Succeeds where a profile has an authority of that name (Linux).
TrustStep lookUpStep(const TrustSurroundings &surroundings, const MailProfile &profile);

// How this computer's mail programs are made to accept an authority, or to do so no longer. Does
// nothing itself.
TrustPlan trustPlan(TrustAction action, const TrustSurroundings &surroundings);

// The folders that distributions have for additional authorities, below `root` ("" for this
// system): the one that is there, or empty.
QString systemStoreBelow(const QString &root);

} // namespace Postnook
