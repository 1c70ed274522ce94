// Errors a caller can act on: they name the argument and, where there is one, the row.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace wirecopy {

// A value the caller passed cannot be used. Becomes ValueError in Python.
class InputError : public std::invalid_argument {
 public:
  InputError(std::string argument, const std::string& problem)
      : std::invalid_argument(argument + ": " + problem), argument_(std::move(argument)) {}
  InputError(std::string argument, std::int64_t row, const std::string& problem)
      : std::invalid_argument(argument + "[" + std::to_string(row) + "]: " + problem),
        argument_(std::move(argument)),
        row_(row) {}

  const std::string& argument() const { return argument_; }
  std::optional<std::int64_t> row() const { return row_; }

 private:
  std::string argument_;
  std::optional<std::int64_t> row_;
};

// The caller asked a long call to stop (Ctrl-C). Becomes KeyboardInterrupt in Python.
class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("stopped on request") {}
};

}  // namespace wirecopy
