//===- PluginGuard.cpp - Refuse a clang-tidy of another version -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plugin uses the classes of the program that loads it, and these change with
// every major of LLVM. This runs before anything else of the plugin, and uses
// nothing of LLVM but one function that all majors have.
//
//===----------------------------------------------------------------------===//

#include "llvm/Config/llvm-config.h"
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

namespace {

/// std::string clang::getClangFullVersion(): "Debian clang version 22.1.8
/// (...)".
constexpr char FullVersion[] = "_ZN5clang19getClangFullVersionB5cxx11Ev";
/// clang::tidy::ClangTidyModule's virtual table: only a clang-tidy has it.
constexpr char TidyModule[] = "_ZTVN5clang4tidy15ClangTidyModuleE";

/// "22.1" of "Debian clang version 22.1.8 (...)": what must agree, as patch
/// releases keep the binary interface.
std::string seriesOf(const std::string &Version) {
  size_t Begin = Version.find("version ");
  if (Begin == std::string::npos)
    return "";
  Begin += 8;
  size_t Dot = Version.find('.', Begin);
  size_t End = Version.find_first_not_of("0123456789", Dot + 1);
  return Dot == std::string::npos ? "" : Version.substr(Begin, End - Begin);
}

[[noreturn]] void refuse(const std::string &Host) {
  const int Major = LLVM_VERSION_MAJOR;
  std::fprintf(stderr,
               "error: VfioTidyModule-%d.so is a plugin for clang-tidy %d, but "
               "%s loaded it: run clang-tidy-%d, or vfio-tidy, which needs no "
               "plugin\n",
               Major, Major, Host.c_str(), Major);
  std::fflush(nullptr);
  _exit(1); // no destructor of a half-loaded program may run
}

[[gnu::constructor(101)]] void checkHost() {
  void *Symbol = dlsym(RTLD_DEFAULT, FullVersion);
  if (!Symbol)
    refuse("a program without the symbols of a shared clang library");
  std::string Host = reinterpret_cast<std::string (*)()>(Symbol)();
  std::string Ours = std::to_string(LLVM_VERSION_MAJOR) + "." +
                     std::to_string(LLVM_VERSION_MINOR);
  if (seriesOf(Host) != Ours)
    refuse("one of " + Host);
  if (!dlsym(RTLD_DEFAULT, TidyModule))
    refuse("a program that is no clang-tidy");
}

} // namespace
