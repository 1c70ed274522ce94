# wirecopy_room(NAME SOURCES a.cc ... [LINKS target ...]): one room of the house, one static library.

function(wirecopy_compile_options target)
  # No fused multiply-add where the source does not say so: sums are the same on every CPU.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105651: false alarm on "literal" + std::string.
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(WIRECOPY_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(WIRECOPY_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${WIRECOPY_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${WIRECOPY_SANITIZE})
  endif()
endfunction()

function(wirecopy_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "" "SOURCES;LINKS")
  add_library(wirecopy_${name} STATIC ${ROOM_SOURCES})
  add_library(wirecopy::${name} ALIAS wirecopy_${name})
  target_include_directories(wirecopy_${name} PUBLIC "${PROJECT_SOURCE_DIR}/cpp")
  target_link_libraries(wirecopy_${name} PUBLIC ${ROOM_LINKS})
  wirecopy_compile_options(wirecopy_${name})
endfunction()

# Kernel files are compiled for a wider instruction set than the rest, so they include nothing but
# intrinsics and plain types: an inline function of a library compiled here could be the copy that
# the linker keeps for everybody, and crash on a lesser CPU.
function(wirecopy_kernel_flags)
  cmake_parse_arguments(PARSE_ARGV 0 KERNEL "" "" "AVX2;AVX512;VBMI2")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set_source_files_properties(${KERNEL_AVX2} PROPERTIES COMPILE_OPTIONS "-mavx2;-mbmi2")
    set(avx512 -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx2 -mbmi2)
    set_source_files_properties(${KERNEL_AVX512} PROPERTIES COMPILE_OPTIONS "${avx512}")
    set_source_files_properties(${KERNEL_VBMI2} PROPERTIES COMPILE_OPTIONS
                                                           "${avx512};-mavx512vbmi2;-mpopcnt")
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # GCC bug 105593: the intrinsics' own headers warn.
      set_property(
        SOURCE ${KERNEL_AVX512} ${KERNEL_VBMI2}
        APPEND
        PROPERTY COMPILE_OPTIONS "-Wno-maybe-uninitialized;-Wno-uninitialized")
    endif()
    if(WIRECOPY_SANITIZE MATCHES "thread")
      # Under GCC 12's ThreadSanitizer the gathers of hash_kernel_avx512.cc read at wild addresses;
      # AddressSanitizer finds nothing there. Kernels share nothing between threads.
      set_property(
        SOURCE ${KERNEL_AVX512} ${KERNEL_VBMI2}
        APPEND
        PROPERTY COMPILE_OPTIONS "-fno-sanitize=thread")
    endif()
  endif()
endfunction()
