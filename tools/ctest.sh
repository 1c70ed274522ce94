#!/usr/bin/env bash
# Configures, builds and runs the C++ tests of one preset of CMakePresets.json.
set -euo pipefail
preset=$1
# ThreadSanitizer cannot place its shadow memory under the address randomization of newer kernels.
if [ "$preset" = tsan ] && [ -z "${WIRECOPY_FIXED_ADDRESSES:-}" ] && setarch -R true 2>/dev/null; then
  WIRECOPY_FIXED_ADDRESSES=1 exec setarch -R "$0" "$@"
fi
cmake --preset "$preset" --log-level=WARNING
cmake --build --preset "$preset"
ctest --preset "$preset" --parallel "$(nproc)"
