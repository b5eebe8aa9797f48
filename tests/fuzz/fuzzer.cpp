#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// What libFuzzer calls: FUZZ_CHECK is a function of targets.h.

namespace Postnook::Fuzz
{

void reportFalse(const char *property, const char *details, const char *file, int line)
{
    std::fprintf(stderr, "%s:%d: does not hold: %s\n%s\n", file, line, property, details);
    std::abort();
}

} // namespace Postnook::Fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    Postnook::Fuzz::FUZZ_CHECK(
        QByteArrayView(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    return 0;
}
