# Finds LLVM and Clang: where LLVM_DIR, LLVM_ROOT or CMAKE_PREFIX_PATH say, else
# where Debian has them (/usr/lib/llvm-N), else where CMake looks by itself. Of
# several majors the first below is taken, unless VFIO_LLVM_MAJOR names one. Clang
# is that of the same LLVM, or what Clang_DIR says. One line says what is missing.
set(_vfio_tried 22 19)      # built and tested
set(_vfio_untried 21 23 20) # between these, or next to them

set(_vfio_majors ${_vfio_tried} ${_vfio_untried})
if(VFIO_LLVM_MAJOR)
  if(NOT VFIO_LLVM_MAJOR IN_LIST _vfio_majors)
    message(FATAL_ERROR "LLVM ${VFIO_LLVM_MAJOR} is not supported: "
      "use -DVFIO_LLVM_MAJOR=22 or -DVFIO_LLVM_MAJOR=19.")
  endif()
  set(_vfio_majors ${VFIO_LLVM_MAJOR})
endif()

# A hint comes first; without one, Debian's folders in the order above. No version
# is asked for: LLVM's own answer wants the minor number as well. And only one is
# looked into: two would define the same targets.
set(_vfio_hinted FALSE)
foreach(_hint LLVM_DIR LLVM_ROOT CMAKE_PREFIX_PATH)
  if(${_hint} OR DEFINED ENV{${_hint}})
    set(_vfio_hinted TRUE)
  endif()
endforeach()
if(NOT _vfio_hinted)
  foreach(_major IN LISTS _vfio_majors)
    if(NOT LLVM_FOUND)
      find_package(LLVM CONFIG QUIET PATHS /usr/lib/llvm-${_major} NO_DEFAULT_PATH)
    endif()
  endforeach()
endif()
if(NOT LLVM_FOUND)
  find_package(LLVM CONFIG QUIET)
endif()
if(LLVM_FOUND AND NOT LLVM_VERSION_MAJOR IN_LIST _vfio_majors)
  list(JOIN _vfio_majors ", " _wanted)
  message(FATAL_ERROR "${LLVM_DIR} has LLVM ${LLVM_VERSION_MAJOR}, and this needs ${_wanted}: "
    "name another by -DLLVM_DIR=.../lib/cmake/llvm.")
endif()
if(LLVM_FOUND)
  find_package(Clang CONFIG QUIET HINTS ${LLVM_DIR}/../clang ${LLVM_INSTALL_PREFIX})
endif()
if(NOT LLVM_FOUND OR NOT Clang_FOUND)
  list(GET _vfio_majors 0 _major)
  message(FATAL_ERROR "LLVM ${_major} is missing: apt-get install "
    "llvm-${_major}-dev libclang-${_major}-dev clang-${_major} clang-tidy-${_major} "
    "llvm-${_major}-tools, or name it by -DLLVM_DIR=.../lib/cmake/llvm")
endif()
set(VFIO_LLVM_MAJOR ${LLVM_VERSION_MAJOR})
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_INSTALL_PREFIX}")
if(VFIO_LLVM_MAJOR IN_LIST _vfio_untried)
  message(WARNING "LLVM ${VFIO_LLVM_MAJOR} was not tried with this version")
endif()

# LLVM is a third party to us: its headers are system headers, so that our own
# warnings stay readable.
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
separate_arguments(_vfio_llvm_defs NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${_vfio_llvm_defs})
add_compile_definitions(VFIO_LLVM_MAJOR=${VFIO_LLVM_MAJOR})
