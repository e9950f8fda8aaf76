# What "cmake --install" puts where. The programs install themselves
# (vfio_add_tool).

# The plugin, for "clang-tidy --load"; one for each major can stand here.
install(TARGETS VfioTidyPlugin LIBRARY DESTINATION lib)

# clang's builtin headers, where kbuild looks for them next to a program: parses
# then need no clang package. A Debian package depends on clang's instead.
option(VFIO_INSTALL_BUILTIN_HEADERS "Install a copy of clang's builtin headers" ON)
if(VFIO_INSTALL_BUILTIN_HEADERS)
  install(DIRECTORY ${LLVM_LIBRARY_DIR}/clang/${VFIO_LLVM_MAJOR}/include
    DESTINATION lib/clang/${VFIO_LLVM_MAJOR} COMPONENT builtin-headers)
endif()

install(FILES README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Debian's copyright file, with the exceptions as LICENSE has them.
file(READ ${PROJECT_SOURCE_DIR}/LICENSE _vfio_license)
string(REGEX REPLACE ".*---- LLVM Exceptions[^\n]*\n+" "" _vfio_exceptions "${_vfio_license}")
string(STRIP "${_vfio_exceptions}" _vfio_exceptions)
string(REPLACE "\n\n" "\n.\n" _vfio_exceptions "${_vfio_exceptions}")
string(REPLACE "\n" "\n " _vfio_exceptions " ${_vfio_exceptions}")
string(TIMESTAMP _vfio_year "%Y" UTC)
configure_file(cmake/copyright.in copyright @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Debian's other papers: a changelog in its own format, and what lintian is to
# know.
set(VFIO_PACKAGE_CONTACT "vfio-tidy developers <vfio-tidy@example.org>" CACHE STRING
  "Who is named as the maintainer of a package")
string(TIMESTAMP _vfio_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH
configure_file(cmake/changelog.in changelog @ONLY)
find_program(VFIO_GZIP gzip)
if(VFIO_GZIP)
  execute_process(COMMAND ${VFIO_GZIP} -9nc ${CMAKE_BINARY_DIR}/changelog
    OUTPUT_FILE ${CMAKE_BINARY_DIR}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${CMAKE_BINARY_DIR}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
configure_file(cmake/lintian-overrides.in lintian-overrides @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/lintian-overrides RENAME vfio-tidy
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)

# "cpack -G DEB": one package without the copy of the headers, which is where
# Debian's libclang-common-*-dev has its own.
set(CPACK_COMPONENTS_ALL programs)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_CONTACT "${VFIO_PACKAGE_CONTACT}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME vfio-tidy)
set(CPACK_DEBIAN_PROGRAMS_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "libclang-common-${VFIO_LLVM_MAJOR}-dev")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS "linux-headers-amd64, git")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "clang-tidy-${VFIO_LLVM_MAJOR}, neovim")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION devel)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION "vfio-tidy finds life-cycle mistakes, vfio-migrate moves drivers to the
alloc/put life cycle, vfio-check is for kernel builds, vfio-clangd for
editors; VfioTidyModule-${VFIO_LLVM_MAJOR}.so is a plugin of clang-tidy-${VFIO_LLVM_MAJOR}.")
include(CPack)
