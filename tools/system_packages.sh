#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that are missing: `runtime` for building wirecopy, `test` for its
# C++ tests too. Says what to do where it cannot install them itself.
set -euo pipefail

python=${PYTHON:-python3}
wanted=()

command -v c++ >/dev/null || wanted+=(g++)
command -v git >/dev/null || wanted+=(git)
command -v "$python" >/dev/null || wanted+=(python3)
if command -v "$python" >/dev/null; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || wanted+=(python3-venv)
  "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' ||
    wanted+=(python3-dev)
else
  wanted+=(python3-venv python3-dev)
fi

need_header() { # need_header PACKAGE HEADER
  echo "#include <$2>" | c++ -x c++ -std=c++20 -E - >/dev/null 2>&1 || wanted+=("$1")
}
need_header libabsl-dev absl/container/flat_hash_map.h
need_header libxxhash-dev xxhash.h
need_header libzstd-dev zstd.h
if [ "${1:-runtime}" = test ]; then
  need_header libgtest-dev gtest/gtest.h
  # For the tests of wirecopy.spark: the Java of JAVA_HOME, or any.
  [ -x "${JAVA_HOME:-/nowhere}/bin/java" ] || command -v java >/dev/null || wanted+=(default-jre-headless)
  # Not needed: it spares the second and later compilations of a file, of which packaging has many.
  command -v ccache >/dev/null || wanted+=(ccache)
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
fi

[ ${#wanted[@]} -eq 0 ] && exit 0
echo "system packages missing: ${wanted[*]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  "${as_root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends \
    "${wanted[@]}"
else
  echo "Install them as root, for example: apt-get install ${wanted[*]}" >&2
  # Abseil, xxHash and zstd are downloaded by the build where the system has none; the rest it needs.
  for package in "${wanted[@]}"; do
    case $package in
      libabsl-dev | libxxhash-dev | libzstd-dev | chromium | default-jre-headless | ccache) ;;
      *) exit 1 ;;
    esac
  done
fi
