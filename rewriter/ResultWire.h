//===- ResultWire.h - Results as text between processes -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between a program and its own children, which run the same code: numbers and
// texts one after the other, without names.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RESULTWIRE_H
#define VFIO_REWRITER_RESULTWIRE_H

#include "rewriter/Result.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace vfio::rewriter {

/// Writes values, in order.
class WireWriter {
public:
  std::string take() { return std::move(Out); }

  template <typename... Ts> void all(Ts &...Values) { (one(Values), ...); }

private:
  void one(std::string &Text) {
    number(Text.size());
    Out += Text;
  }
  template <typename T> void one(std::vector<T> &List) {
    number(List.size());
    for (T &Item : List)
      one(Item);
  }
  template <typename T> void one(std::optional<T> &Value) {
    number(Value.has_value());
    if (Value)
      one(*Value);
  }
  template <typename T> void one(T &Value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
      number(static_cast<unsigned long long>(Value));
    else
      wire(*this, Value);
  }
  void number(unsigned long long N) { Out += std::to_string(N) + ' '; }

  std::string Out;
};

/// Reads them again.
class WireReader {
public:
  explicit WireReader(llvm::StringRef Text) : Text(Text) {}
  /// False where the text was not what is asked of it.
  bool fits() const { return Fits && Text.empty(); }

  template <typename... Ts> void all(Ts &...Values) { (one(Values), ...); }

private:
  void one(std::string &Value) {
    size_t Size = number();
    Fits &= Size <= Text.size();
    Value = Text.take_front(Size).str();
    Text = Text.drop_front(Value.size());
  }
  template <typename T> void one(std::vector<T> &List) {
    size_t Size = number();
    for (size_t I = 0; Fits && I != Size; ++I)
      one(List.emplace_back());
  }
  template <typename T> void one(std::optional<T> &Value) {
    if (number())
      one(Value.emplace());
  }
  template <typename T> void one(T &Value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
      Value = static_cast<T>(number());
    else
      wire(*this, Value);
  }
  unsigned long long number() {
    unsigned long long N = 0;
    Fits &= !Text.consumeInteger(10, N) && Text.consume_front(" ");
    return Fits ? N : 0;
  }

  llvm::StringRef Text;
  bool Fits = true;
};

// Each names all members of its structure: one more there does not compile
// here.

template <typename Wire> void wire(Wire &W, Place &P) {
  auto &[File, Line, Column] = P;
  W.all(File, Line, Column);
}

template <typename Wire> void wire(Wire &W, Step &S) {
  auto &[Name, Where, What, Why] = S;
  W.all(Name, Where, What, Why);
}

template <typename Wire> void wire(Wire &W, Refusal &R) {
  auto &[Id, Where, Reason, WhatToDo] = R;
  W.all(Id, Where, Reason, WhatToDo);
}

template <typename Wire> void wire(Wire &W, PathEvents::Side &S) {
  auto &[What, Events] = S;
  W.all(What, Events);
}

template <typename Wire> void wire(Wire &W, PathEvents &P) {
  auto &[Function, Path, Fails, Before, After] = P;
  W.all(Function, Path, Fails, Before, After);
}

template <typename Wire> void wire(Wire &W, FileChange &C) {
  auto &[Path, Before, After] = C;
  W.all(Path, Before, After);
}

template <typename Wire> void wire(Wire &W, NotParsed &F) {
  auto &[File, Reason, End] = F;
  W.all(File, Reason, End);
}

template <typename Wire> void wire(Wire &W, DriverResult &D) {
  auto &[Name, Record, MainFile, Files, Outcome, Plan, Refusals, Events,
         Changes, BugsRemoved, Stays, Remarks, Remaining, Proof] = D;
  W.all(Name, Record, MainFile, Files, Outcome, Plan, Refusals, Events, Changes,
        BugsRemoved, Stays, Remarks, Remaining, Proof);
}

template <typename Wire> void wire(Wire &W, MigrationResult &R) {
  auto &[To, Kernel, Root, Headers, Notes, Drivers, Failed, Skipped] = R;
  W.all(To, Kernel, Root, Headers, Notes, Drivers, Failed, Skipped);
}

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RESULTWIRE_H
