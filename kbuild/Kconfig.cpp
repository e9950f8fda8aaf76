//===- Kconfig.cpp - A configuration for a tree that has none -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Kconfig.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>

using namespace llvm;

namespace vfio::kbuild {

//===- Reading ------------------------------------------------------------===//

/// Enters what Kconfig files say into the tables.
class Kconfig::Reader {
public:
  explicit Reader(Kconfig &Out) : Out(Out) {}
  void read(StringRef Path);

private:
  void readLine(StringRef Word, StringRef Rest);
  void readAttribute(StringRef Word, StringRef Rest);
  void open(StringRef Word, StringRef Rest);
  void close();
  std::string expand(StringRef Text) const;

  /// A menu, an if, or a choice that is open.
  struct Block {
    std::vector<std::string> Depends;
    int Choice = -1;
  };

  Kconfig &Out;
  std::vector<Block> Blocks;
  std::string Current;      ///< the config entry being read
  bool InBlockHead = false; ///< attributes belong to the last block
  unsigned Depth = 0;
};

/// The variables that Kconfig files use for paths and the architecture.
/// Anything else, such as a test of the compiler, is an n.
std::string Kconfig::Reader::expand(StringRef Text) const {
  std::string Result;
  while (!Text.empty()) {
    size_t Dollar = Text.find('$');
    Result += Text.take_front(Dollar);
    if (Dollar == StringRef::npos)
      break;
    Text = Text.substr(Dollar + 1);
    StringRef Name;
    if (Text.consume_front("(")) {
      size_t End = 0;
      for (unsigned Nested = 0; End != Text.size(); ++End)
        if (Text[End] == '(')
          ++Nested;
        else if (Text[End] == ')' && !Nested--)
          break;
      Name = Text.take_front(End);
      Text = Text.substr(End).drop_front(End < Text.size());
    } else {
      Name = Text.take_while([](char C) { return isAlnum(C) || C == '_'; });
      Text = Text.substr(Name.size());
    }
    if (Name == "SRCARCH")
      Result += Out.Arch;
    else if (Name == "ARCH")
      Result += Out.Arch == "x86" ? "x86_64" : Out.Arch;
    else
      Result += "n";
  }
  return Result;
}

static size_t indentOf(StringRef Line) {
  size_t Column = 0;
  for (char C : Line) {
    if (C == '\t')
      Column = (Column | 7) + 1;
    else if (C == ' ')
      ++Column;
    else
      break;
  }
  return Column;
}

/// \p Line up to a comment; a # in a prompt is none.
static StringRef withoutComment(StringRef Line) {
  char Quote = 0;
  for (size_t I = 0; I != Line.size(); ++I) {
    if (Line[I] == Quote)
      Quote = 0;
    else if (!Quote && (Line[I] == '"' || Line[I] == '\''))
      Quote = Line[I];
    else if (!Quote && Line[I] == '#')
      return Line.take_front(I);
  }
  return Line;
}

void Kconfig::Reader::read(StringRef Path) {
  // "source" may name any file; those of the tree are meant.
  if (Depth == 32 || !isBelow(realPath(Path), realPath(Out.Tree)))
    return;
  std::string Text = readText(Path);
  ++Depth;
  std::string Joined;
  bool InHelp = false;
  size_t HelpIndent = 0;
  for (StringRef Line : split(Text, '\n')) {
    if (InHelp) {
      if (Line.trim().empty())
        continue;
      HelpIndent = HelpIndent ? HelpIndent : indentOf(Line);
      if (indentOf(Line) && indentOf(Line) >= HelpIndent)
        continue;
      InHelp = false;
    }
    if (Line.consume_back("\\")) {
      (Joined += Line) += ' ';
      continue;
    }
    Joined += Line;
    std::string Whole = std::move(Joined);
    Joined.clear();
    auto [Word, Rest] = getToken(withoutComment(Whole));
    if (Word == "help" || Word == "---help---") {
      InHelp = true;
      HelpIndent = 0;
    } else if (!Word.empty()) {
      readLine(Word, Rest.trim());
    }
  }
  --Depth;
}

void Kconfig::Reader::open(StringRef Word, StringRef Rest) {
  Block B;
  if (!Blocks.empty()) {
    B.Depends = Blocks.back().Depends;
    B.Choice = Blocks.back().Choice;
  }
  if (Word == "if")
    B.Depends.push_back(expand(Rest));
  if (Word == "choice") {
    B.Choice = Out.Choices.size();
    Out.Choices.emplace_back();
    Out.Choices.back().Depends = B.Depends;
  }
  Blocks.push_back(std::move(B));
  Current.clear();
  InBlockHead = true;
}

void Kconfig::Reader::close() {
  if (!Blocks.empty())
    Blocks.pop_back();
  Current.clear();
  InBlockHead = false;
}

void Kconfig::Reader::readLine(StringRef Word, StringRef Rest) {
  if (Word == "config" || Word == "menuconfig") {
    Current = Rest.str();
    InBlockHead = false;
    Symbol &S = Out.Symbols[Current];
    S.Entries.emplace_back();
    if (Blocks.empty())
      return;
    const Block &B = Blocks.back();
    S.Entries.back().Depends = B.Depends;
    if (B.Choice >= 0) {
      S.Choice = B.Choice;
      Out.Choices[B.Choice].Members.push_back(Current);
    }
  } else if (Word == "if" || Word == "menu" || Word == "choice") {
    open(Word, Rest);
  } else if (Word == "endif" || Word == "endmenu" || Word == "endchoice") {
    close();
  } else if (Word == "source" || Word == "rsource" || Word == "osource") {
    Current.clear();
    InBlockHead = false;
    read(pathIn(Out.Tree, expand(Rest.trim('"'))));
  } else if (Word == "comment") {
    Current.clear();
    InBlockHead = false;
  } else {
    readAttribute(Word, Rest);
  }
}

/// Splits "value if condition".
static std::pair<StringRef, StringRef> splitIf(StringRef Text) {
  size_t Start = 0;
  if (Text.starts_with("\""))
    Start = Text.find('"', 1);
  size_t At = Text.find(" if ", Start);
  if (At == StringRef::npos)
    return {Text.trim(), ""};
  return {Text.take_front(At).trim(), Text.substr(At + 4).trim()};
}

void Kconfig::Reader::readAttribute(StringRef Word, StringRef Rest) {
  std::string Text = expand(Rest);
  std::replace(Text.begin(), Text.end(), '\t', ' ');
  auto [Value, If] = splitIf(Text);
  Guarded G{Value.str(), If.str()};
  if (InBlockHead && !Blocks.empty()) { // of a menu or a choice
    Block &B = Blocks.back();
    ChoiceGroup *Choice = B.Choice >= 0 ? &Out.Choices[B.Choice] : nullptr;
    if (Word == "depends" && Value.consume_front("on ")) {
      B.Depends.push_back(Text.substr(3));
      if (Choice)
        Choice->Depends.push_back(Text.substr(3));
    } else if (Word == "default" && Choice) {
      Choice->Defaults.push_back(std::move(G));
    }
    return;
  }
  if (Current.empty())
    return;
  Symbol &S = Out.Symbols[Current];
  Entry &E = S.Entries.back();
  Type Kind = StringSwitch<Type>(Word)
                  .Case("bool", Type::Bool)
                  .Case("boolean", Type::Bool)
                  .Case("def_bool", Type::Bool)
                  .Case("tristate", Type::Tristate)
                  .Case("def_tristate", Type::Tristate)
                  .Case("int", Type::Int)
                  .Case("hex", Type::Hex)
                  .Case("string", Type::String)
                  .Default(Type::Unknown);
  if (Kind != Type::Unknown)
    S.Kind = Kind;
  if (Word.starts_with("def_") || Word == "default")
    E.Defaults.push_back(std::move(G));
  else if ((Kind != Type::Unknown || Word == "prompt") && !Value.empty())
    E.Prompt = true;
  else if (Word == "depends" && Value.starts_with("on"))
    E.Depends.push_back(StringRef(Text).drop_front(2).trim().str());
  else if (Word == "select")
    Out.Symbols[Value].SelectedBy.push_back({Current, If.str()});
}

//===- Expressions --------------------------------------------------------===//

/// Evaluates a condition. m counts as y: what is a module is there.
class Kconfig::Expression {
public:
  Expression(Kconfig &K, StringRef Text) : K(K), Rest(Text) {}
  bool evaluate() { return either(); }

private:
  bool either() {
    bool Result = both();
    while (take("||"))
      Result |= both();
    return Result;
  }
  bool both() {
    bool Result = unary();
    while (take("&&"))
      Result &= unary();
    return Result;
  }
  bool unary();
  bool take(StringRef Sign) {
    Rest = Rest.ltrim();
    return Rest.consume_front(Sign);
  }
  std::string operand();

  Kconfig &K;
  StringRef Rest;
};

/// True for a constant; symbols may begin with a digit too (64BIT).
static bool isConstant(StringRef Text) {
  if (Text == "y" || Text == "m" || Text == "n")
    return true;
  Text.consume_front("-");
  long Number;
  return !Text.getAsInteger(0, Number);
}

/// A symbol's value, or a constant.
std::string Kconfig::Expression::operand() {
  Rest = Rest.ltrim();
  if (!Rest.empty() && (Rest[0] == '"' || Rest[0] == '\'')) {
    char Quote = Rest[0];
    auto [Text, After] = Rest.drop_front().split(Quote);
    Rest = After;
    return Text.str();
  }
  StringRef Name =
      Rest.take_while([](char C) { return isAlnum(C) || C == '_'; });
  if (Name.empty()) { // nothing that this grammar knows: skip it
    Rest = Rest.drop_front(!Rest.empty());
    return "n";
  }
  Rest = Rest.drop_front(Name.size());
  if (isConstant(Name))
    return Name.str();
  return K.value(Name);
}

bool Kconfig::Expression::unary() {
  if (Rest.ltrim().starts_with("!") && !Rest.ltrim().starts_with("!=")) {
    take("!");
    return !unary();
  }
  if (take("(")) {
    bool Result = either();
    take(")");
    return Result;
  }
  std::string Left = operand();
  bool NotEqual = take("!=");
  if (NotEqual || take("=")) {
    std::string Right = operand();
    return ((Left.empty() ? "n" : Left) == Right) != NotEqual;
  }
  for (StringRef Sign : {"<=", ">=", "<", ">"})
    if (take(Sign)) {
      std::string Right = operand();
      long A = 0, B = 0;
      StringRef(Left).getAsInteger(0, A);
      StringRef(Right).getAsInteger(0, B);
      return Sign == "<="   ? A <= B
             : Sign == ">=" ? A >= B
             : Sign == "<"  ? A < B
                            : A > B;
    }
  return isOnValue(Left);
}

bool Kconfig::holds(StringRef Condition) {
  return Condition.empty() || Expression(*this, Condition).evaluate();
}

bool Kconfig::allHold(ArrayRef<std::string> Conditions) {
  return all_of(Conditions,
                [&](const std::string &Condition) { return holds(Condition); });
}

//===- Values -------------------------------------------------------------===//

/// The first default whose condition holds, as a value.
std::string Kconfig::firstDefault(ArrayRef<Guarded> Defaults) {
  for (const Guarded &D : Defaults) {
    if (!holds(D.If))
      continue;
    StringRef Text = D.Text;
    if (Text.consume_front("\""))
      return Text.take_until([](char C) { return C == '"'; }).str();
    bool Plain =
        all_of(Text, [](char C) { return isAlnum(C) || C == '_' || C == '-'; });
    if (!Plain)
      return holds(Text) ? "y" : "n";
    if (isConstant(Text))
      return Text.str();
    return Symbols.contains(Text) ? value(Text) : Text.str();
  }
  return {};
}

StringRef Kconfig::chosenOf(ChoiceGroup &Group) {
  if (Group.Decided)
    return Group.Chosen;
  Group.Decided = true;
  if (!allHold(Group.Depends))
    return Group.Chosen;
  auto Possible = [&](StringRef Name) { return isPossible(Symbols[Name]); };
  for (const std::string &Member : Group.Members)
    if (Symbols[Member].Wanted && Possible(Member))
      return Group.Chosen = Member;
  for (const Guarded &D : Group.Defaults)
    if (holds(D.If) && Possible(D.Text))
      return Group.Chosen = D.Text;
  for (const std::string &Member : Group.Members)
    if (Possible(Member))
      return Group.Chosen = Member;
  return Group.Chosen;
}

/// True where one of the blocks of \p S is not ruled out by what it depends on.
bool Kconfig::isPossible(const Symbol &S) {
  return any_of(S.Entries, [&](const Entry &E) { return allHold(E.Depends); });
}

std::string Kconfig::computeDefault(const Symbol &S) {
  for (const Entry &E : S.Entries) {
    if (E.Defaults.empty() || !allHold(E.Depends))
      continue;
    std::string Value = firstDefault(E.Defaults);
    if (!Value.empty())
      return Value;
  }
  return {};
}

std::string Kconfig::computeSwitch(const Symbol &S, StringRef Name) {
  for (const Guarded &By : S.SelectedBy)
    if (isOn(By.Text) && holds(By.If))
      return "y";
  if (!isPossible(S))
    return "n";
  if (S.Choice >= 0)
    return chosenOf(Choices[S.Choice]) == Name ? "y" : "n";
  if (S.Wanted)
    return "y";
  std::string Default = computeDefault(S);
  bool Driver = S.Kind == Type::Tristate &&
                any_of(S.Entries, [](const Entry &E) { return E.Prompt; });
  return !isOnValue(Default) && Driver ? "m" : Default;
}

const std::string &Kconfig::value(StringRef Name) {
  static const std::string None;
  auto It = Symbols.find(Name);
  // A symbol that is asked for while it is being computed is not on yet.
  if (It == Symbols.end() || It->second.State == Symbol::Open)
    return None;
  Symbol &S = It->second;
  if (S.State == Symbol::Known)
    return S.Value;
  S.State = Symbol::Open;
  if (S.Kind == Type::Bool || S.Kind == Type::Tristate) {
    S.Value = computeSwitch(S, Name);
    if (S.Value == "m" && S.Kind == Type::Bool)
      S.Value = "y";
  } else {
    S.Value = computeDefault(S);
  }
  S.State = Symbol::Known;
  return S.Value;
}

Kconfig::Kconfig(std::string Tree, std::string Arch, ArrayRef<StringRef> Wanted)
    : Tree(std::move(Tree)), Arch(std::move(Arch)) {
  Reader(*this).read(pathIn(this->Tree, "Kconfig"));
  for (StringRef Name : Wanted)
    if (auto It = Symbols.find(Name); It != Symbols.end())
      It->second.Wanted = true;
}

std::string Kconfig::autoconf() {
  std::vector<StringRef> Names;
  for (const auto &Entry : Symbols)
    Names.push_back(Entry.getKey());
  llvm::sort(Names);
  std::string Out;
  for (StringRef Name : Names) {
    const std::string &Value = value(Name);
    Type Kind = Symbols[Name].Kind;
    if (Value.empty() && Kind != Type::String)
      continue;
    std::string Text = Value;
    if (Kind == Type::Bool || Kind == Type::Tristate) {
      if (!isOnValue(Value))
        continue;
      Text = "1";
    } else if (Kind == Type::String) {
      Text = "\"" + Value + "\"";
    } else if (!isDigit(Value[0]) && Value[0] != '-' && Kind == Type::Int) {
      Text = "0"; // the version of a compiler that was not asked
    } else if (Kind == Type::Hex && !StringRef(Value).starts_with("0x")) {
      Text = "0x" + Value;
    }
    Out += ("#define CONFIG_" + Name + (Value == "m" ? "_MODULE " : " ") +
            Text + "\n")
               .str();
  }
  return Out;
}

} // namespace vfio::kbuild
