# What "cmake --install" puts where. The programs install themselves
# (vfio_add_tool).

# The plugin, for "clang-tidy --load"; one for each major can stand here.
install(TARGETS VfioTidyPlugin LIBRARY DESTINATION lib)

# clang's builtin headers, where kbuild looks for them next to a program: parses
# then need no clang package. A Debian package depends on clang's instead.
option(VFIO_INSTALL_BUILTIN_HEADERS "Install a copy of clang's builtin headers" ON)
if(VFIO_INSTALL_BUILTIN_HEADERS)
  install(DIRECTORY ${LLVM_LIBRARY_DIR}/clang/${VFIO_LLVM_MAJOR}/include
    DESTINATION lib/clang/${VFIO_LLVM_MAJOR})
endif()

install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
