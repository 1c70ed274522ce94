# Abseil and xxHash: the system's where it has them, else pinned releases checked by SHA256.
#
# WIRECOPY_DEPS=system refuses to download, WIRECOPY_DEPS=fetch ignores the system's.
# FETCHCONTENT_SOURCE_DIR_ABSEIL / FETCHCONTENT_SOURCE_DIR_XXHASH build from a local tree instead.

include(FetchContent)

set(WIRECOPY_ABSEIL_URL https://github.com/abseil/abseil-cpp/archive/refs/tags/20240722.0.tar.gz)
set(WIRECOPY_ABSEIL_SHA256 f50e5ac311a81382da7fa75b97310e4b9006474f9560ac46f54a9967f07d4ae3)
set(WIRECOPY_XXHASH_URL https://github.com/Cyan4973/xxHash/archive/refs/tags/v0.8.3.tar.gz)
set(WIRECOPY_XXHASH_SHA256 aae608dfe8213dfd05d909a57718ef82f30722c392344583d3f39050c7f29a80)

if(NOT WIRECOPY_DEPS MATCHES "^(auto|system|fetch)$")
  message(FATAL_ERROR "WIRECOPY_DEPS is '${WIRECOPY_DEPS}'; it must be auto, system or fetch")
endif()

# --- Abseil: containers only -------------------------------------------------------------------
set(WIRECOPY_ABSEIL_FROM "")
if(NOT WIRECOPY_DEPS STREQUAL "fetch")
  # No version here: Abseil's config file refuses every version that is not its own.
  find_package(absl CONFIG QUIET)
  if(absl_FOUND)
    set(WIRECOPY_ABSEIL_FROM "system")
  elseif(WIRECOPY_DEPS STREQUAL "system")
    message(FATAL_ERROR "Abseil not found (Debian/Ubuntu: libabsl-dev) and WIRECOPY_DEPS=system")
  endif()
endif()
if(NOT WIRECOPY_ABSEIL_FROM)
  set(ABSL_PROPAGATE_CXX_STD ON)
  set(ABSL_ENABLE_INSTALL OFF)
  set(ABSL_BUILD_TESTING OFF)
  # Linked into the module, so the module needs no Abseil at run time.
  set(BUILD_SHARED_LIBS OFF)
  FetchContent_Declare(abseil URL ${WIRECOPY_ABSEIL_URL} URL_HASH SHA256=${WIRECOPY_ABSEIL_SHA256}
                       EXCLUDE_FROM_ALL SYSTEM)
  FetchContent_MakeAvailable(abseil)
  set(WIRECOPY_ABSEIL_FROM "pinned")
endif()

# --- xxHash: header only -----------------------------------------------------------------------
add_library(wirecopy_xxhash INTERFACE)
set(WIRECOPY_XXHASH_FROM "")
if(NOT WIRECOPY_DEPS STREQUAL "fetch")
  # Debian's package has no CMake config: the header is all that is needed.
  find_path(WIRECOPY_XXHASH_INCLUDE xxhash.h)
  if(WIRECOPY_XXHASH_INCLUDE)
    set(WIRECOPY_XXHASH_FROM "system")
  elseif(WIRECOPY_DEPS STREQUAL "system")
    message(FATAL_ERROR "xxhash.h not found (Debian/Ubuntu: libxxhash-dev) and WIRECOPY_DEPS=system")
  endif()
endif()
if(NOT WIRECOPY_XXHASH_FROM)
  FetchContent_Declare(xxhash URL ${WIRECOPY_XXHASH_URL} URL_HASH SHA256=${WIRECOPY_XXHASH_SHA256}
                       SOURCE_SUBDIR no-build)
  FetchContent_MakeAvailable(xxhash)
  set(WIRECOPY_XXHASH_INCLUDE "${xxhash_SOURCE_DIR}")
  set(WIRECOPY_XXHASH_FROM "pinned")
endif()
target_include_directories(wirecopy_xxhash SYSTEM INTERFACE "${WIRECOPY_XXHASH_INCLUDE}")

find_package(Threads REQUIRED)
message(STATUS "Abseil: ${WIRECOPY_ABSEIL_FROM}; xxHash: ${WIRECOPY_XXHASH_FROM}")
