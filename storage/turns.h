#pragma once

#include "storage/store.h"

namespace Postnook
{

// For loops of short steps, each of about a microsecond or less, in work that takes long: one of
// many steps lets others run. Borrows the transaction. Any thread.
class Turns
{
public:
    Turns() = default; // there are no others
    explicit Turns(ReadTxn &txn)
        : m_txn(&txn)
    {
    }

    void step()
    {
        if (++m_steps % StepsBetweenOthers == 0 && m_txn != nullptr) {
            m_txn->letOthersRun();
        }
    }

private:
    static constexpr quint32 StepsBetweenOthers = 256;

    ReadTxn *m_txn = nullptr;
    quint32 m_steps = 0;
};

} // namespace Postnook
