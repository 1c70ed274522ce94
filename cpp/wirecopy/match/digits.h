// Decimal digits of every script.
#pragma once

namespace wirecopy {

// The value of a decimal digit, or -1.
int digit_value(char32_t c);

}  // namespace wirecopy
