#pragma once

#include "storage/executor/poolexecutor.h"

#include <functional>

namespace Postnook::Sqlite
{

// Whether there is more to do.
using Slice = std::function<Result<bool>()>;
using SlicesDone = std::function<void(const Result<void> &)>;

// Main thread. Runs the slice in the background again and again, each time when nothing else waits,
// until it says that this was all or fails; then `done` in the main thread.
inline void runSlices(PoolExecutor &executor, const Slice &slice, const SlicesDone &done)
{
    const auto result = std::make_shared<Result<bool>>(false);
    executor.start(
        JobClass::Background,
        [slice, result] { *result = slice(); },
        [&executor, slice, done, result] {
            if (*result && **result) {
                runSlices(executor, slice, done);
            } else {
                done(*result ? Result<void>() : Result<void>(result->error()));
            }
        });
}

} // namespace Postnook::Sqlite
