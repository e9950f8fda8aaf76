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
configure_file(cmake/copyright.in copyright @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

# "cpack -G DEB": one package without the copy of the headers, which is where
# Debian's libclang-common-*-dev has its own.
set(CPACK_COMPONENTS_ALL programs)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_CONTACT "vfio-tidy developers <vfio-tidy@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME vfio-tidy)
set(CPACK_DEBIAN_PROGRAMS_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "libclang-common-${VFIO_LLVM_MAJOR}-dev")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS "linux-headers-amd64, git")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "clang-tidy-${VFIO_LLVM_MAJOR}, neovim")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION devel)
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION "${PROJECT_DESCRIPTION}
 vfio-tidy finds life-cycle mistakes, vfio-migrate moves drivers to the
 alloc/put life cycle, vfio-check is for kernel builds, vfio-clangd for
 editors; VfioTidyModule-${VFIO_LLVM_MAJOR}.so is a plugin of clang-tidy-${VFIO_LLVM_MAJOR}.")
include(CPack)
