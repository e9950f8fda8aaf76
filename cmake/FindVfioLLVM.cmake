# Finds the LLVM/Clang of major VFIO_LLVM_MAJOR that Debian packages, or says in
# one line which packages to install.
set(_vfio_supported 22 19)
if(NOT VFIO_LLVM_MAJOR IN_LIST _vfio_supported)
  message(FATAL_ERROR "LLVM ${VFIO_LLVM_MAJOR} is not supported: "
    "use -DVFIO_LLVM_MAJOR=22 or -DVFIO_LLVM_MAJOR=19.")
endif()

set(_vfio_prefix /usr/lib/llvm-${VFIO_LLVM_MAJOR})
find_package(LLVM ${VFIO_LLVM_MAJOR} CONFIG QUIET PATHS ${_vfio_prefix} NO_DEFAULT_PATH)
find_package(Clang CONFIG QUIET PATHS ${_vfio_prefix} NO_DEFAULT_PATH)
if(NOT LLVM_FOUND OR NOT Clang_FOUND)
  message(FATAL_ERROR "LLVM ${VFIO_LLVM_MAJOR} is missing: apt-get install "
    "llvm-${VFIO_LLVM_MAJOR}-dev libclang-${VFIO_LLVM_MAJOR}-dev "
    "clang-${VFIO_LLVM_MAJOR} clang-tidy-${VFIO_LLVM_MAJOR} llvm-${VFIO_LLVM_MAJOR}-tools")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_INSTALL_PREFIX}")

# LLVM is a third party to us: its headers are system headers, so that our own
# warnings stay readable.
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
separate_arguments(_vfio_llvm_defs NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${_vfio_llvm_defs})
add_compile_definitions(VFIO_LLVM_MAJOR=${VFIO_LLVM_MAJOR})
