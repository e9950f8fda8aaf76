# How this project's own targets are made.

# Flags that every source of ours is compiled with: warnings, and the RTTI and
# exception settings of the LLVM package (they must agree across its boundary).
function(vfio_target_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter
    -fno-exceptions -fvisibility-inlines-hidden)
  if(NOT LLVM_ENABLE_RTTI)
    target_compile_options(${target} PRIVATE -fno-rtti)
  endif()
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# A room of the house: a static library that links no LLVM library itself, so
# that the plugin can hold it. DEPENDS names the rooms it may include from.
function(add_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  vfio_target_flags(${name})
  if(TARGET vfioPch)
    target_precompile_headers(${name} REUSE_FROM vfioPch)
  endif()
  if(ARG_DEPENDS)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
  endif()
endfunction()

# One precompiled header for all rooms: the LLVM headers are most of a compile.
option(VFIO_PCH "Precompile the LLVM headers that every room includes" ON)
if(VFIO_PCH)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/vfio-pch.cpp CONTENT "")
  add_library(vfioPch STATIC ${CMAKE_BINARY_DIR}/vfio-pch.cpp)
  vfio_target_flags(vfioPch)
  # As engine/Compat.h has it.
  set(_visitor <clang/AST/RecursiveASTVisitor.h>)
  if(VFIO_LLVM_MAJOR GREATER_EQUAL 20)
    set(_visitor <clang/AST/DynamicRecursiveASTVisitor.h>)
  endif()
  target_precompile_headers(vfioPch PRIVATE
    <clang/AST/ASTContext.h> ${_visitor}
    <clang/ASTMatchers/ASTMatchFinder.h> <clang/Analysis/CFG.h>
    <clang/Frontend/CompilerInstance.h> <clang/Lex/Preprocessor.h>
    <clang/Tooling/Tooling.h>)
endif()
