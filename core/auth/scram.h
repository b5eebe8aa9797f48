#pragma once

// The whole of password authentication, for those who use all of it.
#include "core/auth/credentials.h" // IWYU pragma: export
#include "core/auth/saslmessage.h" // IWYU pragma: export
#include "core/auth/saslprep.h" // IWYU pragma: export
#include "core/auth/scramserver.h" // IWYU pragma: export
