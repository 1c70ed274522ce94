# Abseil, xxHash and zstd: the system's where it has them, else pinned releases checked by SHA256.
#
# WIRECOPY_DEPS=system refuses to download, WIRECOPY_DEPS=fetch ignores the system's.
# FETCHCONTENT_SOURCE_DIR_ABSEIL, _XXHASH and _ZSTD build from a local tree instead.

include(FetchContent)

set(WIRECOPY_ABSEIL_URL https://github.com/abseil/abseil-cpp/archive/refs/tags/20240722.0.tar.gz)
set(WIRECOPY_ABSEIL_SHA256 f50e5ac311a81382da7fa75b97310e4b9006474f9560ac46f54a9967f07d4ae3)
set(WIRECOPY_XXHASH_URL https://github.com/Cyan4973/xxHash/archive/refs/tags/v0.8.3.tar.gz)
set(WIRECOPY_XXHASH_SHA256 aae608dfe8213dfd05d909a57718ef82f30722c392344583d3f39050c7f29a80)

set(WIRECOPY_ZSTD_URL https://github.com/facebook/zstd/releases/download/v1.5.7/zstd-1.5.7.tar.gz)
set(WIRECOPY_ZSTD_SHA256 eb33e51f49a15e023950cd7825ca74a4a2b43db8354825ac24fc1b7ee09e6fa3)

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

# --- zstd ---------------------------------------------------------------------------------------
add_library(wirecopy_zstd INTERFACE)
set(WIRECOPY_ZSTD_FROM "")
if(NOT WIRECOPY_DEPS STREQUAL "fetch")
  # The header and the shared library, wherever they are: not every system has a CMake config, and
  # Debian's static library is not position-independent.
  find_path(WIRECOPY_ZSTD_INCLUDE zstd.h)
  find_library(WIRECOPY_ZSTD_LIBRARY zstd)
  if(WIRECOPY_ZSTD_INCLUDE AND WIRECOPY_ZSTD_LIBRARY)
    set(WIRECOPY_ZSTD_FROM "system")
    target_include_directories(wirecopy_zstd SYSTEM INTERFACE "${WIRECOPY_ZSTD_INCLUDE}")
    target_link_libraries(wirecopy_zstd INTERFACE "${WIRECOPY_ZSTD_LIBRARY}")
  elseif(WIRECOPY_DEPS STREQUAL "system")
    message(FATAL_ERROR "zstd not found (Debian/Ubuntu: libzstd-dev) and WIRECOPY_DEPS=system")
  endif()
endif()
if(NOT WIRECOPY_ZSTD_FROM)
  set(ZSTD_BUILD_PROGRAMS OFF)
  set(ZSTD_BUILD_SHARED OFF)
  set(ZSTD_BUILD_STATIC ON)
  set(ZSTD_BUILD_TESTS OFF)
  set(ZSTD_LEGACY_SUPPORT OFF)
  set(ZSTD_MULTITHREAD_SUPPORT OFF)
  enable_language(C)
  FetchContent_Declare(zstd URL ${WIRECOPY_ZSTD_URL} URL_HASH SHA256=${WIRECOPY_ZSTD_SHA256}
                       SOURCE_SUBDIR build/cmake EXCLUDE_FROM_ALL SYSTEM)
  FetchContent_MakeAvailable(zstd)
  target_include_directories(wirecopy_zstd SYSTEM INTERFACE "${zstd_SOURCE_DIR}/lib")
  target_link_libraries(wirecopy_zstd INTERFACE libzstd_static)
  set(WIRECOPY_ZSTD_FROM "pinned")
endif()

find_package(Threads REQUIRED)
message(STATUS "Abseil: ${WIRECOPY_ABSEIL_FROM}; xxHash: ${WIRECOPY_XXHASH_FROM}; "
               "zstd: ${WIRECOPY_ZSTD_FROM}")
