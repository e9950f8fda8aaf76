//===- MakeReader.cpp - Enough of make to read a Kbuild file --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/MakeReader.h"
#include "kbuild/MakeFunctions.h"
#include "kbuild/Paths.h"
#include "kbuild/ShellWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

// A Makefile is input like any other: these limits end a cycle, or one that was
// made to grow without end. Real ones stay far below.
static constexpr unsigned MaxFiles = 200, MaxDepth = 60;
static constexpr size_t MaxWork = 16 << 20;

MakeReader::MakeReader(std::string Cwd, Lookup Outer,
                       std::shared_ptr<const ReadScope> Scope)
    : Cwd(std::move(Cwd)), Outer(std::move(Outer)), Scope(std::move(Scope)) {}

void MakeReader::set(StringRef Name, StringRef Value) {
  Variables[Name] = {Value.str(), /*Recursive=*/false};
}

bool MakeReader::assigned(StringRef Name) const {
  return Variables.contains(Name);
}

std::vector<std::string> MakeReader::names() const {
  std::vector<std::string> All;
  for (const auto &Entry : Variables)
    All.push_back(Entry.getKey().str());
  llvm::sort(All);
  return All;
}

std::string MakeReader::value(StringRef Name) {
  auto It = Variables.find(Name);
  if (It == Variables.end())
    return Outer(Name);
  Variable V = It->second; // expanding may add variables
  return V.Recursive ? expand(V.Text) : V.Text;
}

//===- Lines --------------------------------------------------------------===//

/// The state of nested ifeq/else/endif.
class MakeReader::Conditionals {
public:
  bool active() const {
    return all_of(Levels, [](const Level &L) { return L.Active; });
  }
  void enter(bool Holds) { Levels.push_back({Holds, Holds}); }
  void leave() {
    if (!Levels.empty())
      Levels.pop_back();
  }
  /// An else; \p Holds says of its own condition, if it has one.
  void otherwise(function_ref<bool()> Holds) {
    if (Levels.empty())
      return;
    Level &L = Levels.back();
    L.Active = !L.Taken && Holds();
    L.Taken |= L.Active;
  }

private:
  struct Level {
    bool Active; ///< this branch is read
    bool Taken;  ///< this or an earlier one is
  };
  SmallVector<Level, 4> Levels;
};

/// \p Line up to a comment. A backslash makes the sign an ordinary one.
static StringRef withoutComment(StringRef Line) {
  for (size_t At = Line.find('#'); At != StringRef::npos;
       At = Line.find('#', At + 1))
    if (!At || Line[At - 1] != '\\')
      return Line.take_front(At);
  return Line;
}

bool MakeReader::read(StringRef Path) {
  std::string Text = Scope->holds(Path) ? readText(Path) : "";
  if (Text.empty() || ++Files > MaxFiles)
    return false;
  readLines(Text);
  return true;
}

namespace {
/// A variable of several lines, from "define" to "endef".
struct Definition {
  std::string Name, Text;
  StringRef Op;

  /// \p Head is what follows the word "define": a name, and maybe an operator.
  static Definition of(StringRef Head) {
    StringRef Op = "=";
    for (StringRef Known : {"::=", ":=", "+=", "?=", "="})
      if (Head.rtrim().consume_back(Known)) {
        Head = Head.rtrim().drop_back(Known.size());
        Op = Known;
        break;
      }
    return {Head.trim().str(), "", Op};
  }
};
} // namespace

void MakeReader::readLines(StringRef Text) {
  Conditionals If;
  std::string Joined;
  std::optional<Definition> Open;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    Line.consume_back("\r");
    if (Line.consume_back("\\")) {
      (Joined += Line.rtrim()) += ' ';
      continue;
    }
    Joined += Line;
    std::string Whole = std::move(Joined);
    Joined.clear();
    StringRef Word = StringRef(Whole).trim();
    if (Open) {
      if (Word != "endef") {
        (Open->Text += Open->Text.empty() ? "" : "\n") += Whole;
        continue;
      }
      if (If.active())
        store(Open->Name, Open->Op, Open->Text);
      Open.reset();
      continue;
    }
    if (Word.consume_front("define ")) {
      Open = Definition::of(Word);
      continue;
    }
    // A line that begins with a tab may be a recipe's or, in kernel Makefiles,
    // an indented assignment: assign() tells them apart.
    readLine(withoutComment(Whole).trim(), If);
  }
}

void MakeReader::readLine(StringRef Line, Conditionals &If) {
  auto [Word, Rest] = getToken(Line);
  Rest = Rest.trim();
  if (Word == "endif")
    return If.leave();
  if (Word == "else")
    return If.otherwise([&, Rest = Rest] {
      auto [Directive, Condition] = getToken(Rest);
      return Directive.empty() || test(Directive, Condition.trim());
    });
  if (is_contained({"ifeq", "ifneq", "ifdef", "ifndef"}, Word) ||
      Word.starts_with("ifeq(") || Word.starts_with("ifneq(")) {
    if (size_t Paren = Word.find('('); Paren != StringRef::npos) {
      Rest = Line.substr(Paren);
      Word = Word.take_front(Paren);
    }
    return If.enter(If.active() && test(Word, Rest));
  }
  if (!Line.empty() && If.active() && !include(Line) && !assign(Line) &&
      Line.starts_with("$"))
    expand(Line); // $(eval ...) or $(foreach ...), which may set something
}

bool MakeReader::include(StringRef Line) {
  auto [Word, Rest] = getToken(Line);
  if (Word != "include" && Word != "-include" && Word != "sinclude")
    return false;
  std::string Paths = expand(Rest);
  SmallVector<StringRef, 4> List;
  SplitString(Paths, List);
  for (StringRef Path : List)
    read(absolute(Path, Cwd));
  return true;
}

/// Splits "name op value" at its assignment operator; false for any other line.
static bool splitAssignment(StringRef Line, StringRef &Name, StringRef &Op,
                            StringRef &Value) {
  unsigned Nested = 0;
  for (size_t At = 0; At != Line.size(); ++At) {
    char C = Line[At];
    if (C == '(' || C == '{')
      ++Nested;
    else if ((C == ')' || C == '}') && Nested)
      --Nested;
    if (Nested || (C != '=' && C != ':'))
      continue;
    if (C == ':' && !Line.substr(At).starts_with(":=") &&
        !Line.substr(At).starts_with("::="))
      return false; // a rule
    size_t Equals = Line.find('=', At);
    size_t Begin = At && StringRef("+?!").contains(Line[At - 1]) ? At - 1 : At;
    Name = Line.take_front(Begin).trim();
    Op = Line.slice(Begin, Equals + 1);
    Value = Line.substr(Equals + 1).trim();
    return !Name.empty();
  }
  return false;
}

bool MakeReader::assign(StringRef Line) {
  for (bool More = true; More;) {
    More = false;
    for (StringRef Modifier : {"export ", "override ", "private "})
      if (Line.consume_front(Modifier)) {
        Line = Line.ltrim();
        More = true;
      }
  }
  StringRef Name, Op, Text;
  if (!splitAssignment(Line, Name, Op, Text) ||
      (!Name.contains('$') && Name.find_first_of(" \t") != StringRef::npos))
    return false; // a rule, or a recipe's command
  size_t Symbol = Name.find("$(CONFIG_");
  if (Symbol != StringRef::npos && Name.ends_with(")"))
    Choices.push_back({Name.take_front(Symbol).str(),
                       Name.slice(Symbol + 2, Name.size() - 1).str(),
                       expand(Text)});
  std::string Expanded = expand(Name);
  if (StringRef(Expanded).find_first_of(" \t") == StringRef::npos)
    store(Expanded, Op, Text);
  return true;
}

void MakeReader::store(const std::string &Name, StringRef Op, StringRef Text) {
  auto It = Variables.find(Name);
  bool Known = It != Variables.end();
  if (Op == "!=" || (Op == "?=" && (Known || !Outer(Name).empty())))
    return;
  if (Op == "+=") {
    char Between = StringRef(Text).contains('\n') ? '\n' : ' ';
    if (!Known)
      It = Variables.try_emplace(Name, Variable{Outer(Name), true}).first;
    // In place: a flag a line, and a copy of all before it would take the
    // square of their number. Expanding may add variables, and move this one.
    std::string More = It->second.Recursive ? Text.str() : expand(Text);
    (Variables[Name].Text += Between) += More;
    return;
  }
  bool Recursive = Op == "=" || Op == "?=";
  std::string Value = Recursive ? Text.str() : expand(Text);
  Variables[Name] = {std::move(Value), Recursive};
}

bool MakeReader::test(StringRef Directive, StringRef Rest) {
  if (Directive == "ifdef" || Directive == "ifndef")
    return value(expand(Rest)).empty() == (Directive == "ifndef");
  std::string A, B;
  if (Rest.consume_front("(")) {
    Rest.consume_back(")");
    size_t Comma = 0;
    for (unsigned Nested = 0; Comma != Rest.size(); ++Comma) {
      if (Rest[Comma] == '(')
        ++Nested;
      else if (Rest[Comma] == ')' && Nested)
        --Nested;
      else if (Rest[Comma] == ',' && !Nested)
        break;
    }
    A = expand(Rest.take_front(Comma).trim());
    B = expand(Rest.drop_front(Comma).ltrim(',').trim());
  } else { // "a" "b" or 'a' 'b'
    char Quote = Rest.empty() ? '"' : Rest.front();
    SmallVector<StringRef, 5> Parts;
    Rest.split(Parts, Quote);
    A = Parts.size() > 1 ? expand(Parts[1]) : "";
    B = Parts.size() > 3 ? expand(Parts[3]) : "";
  }
  return (A == B) == (Directive == "ifeq");
}

//===- Expansion ----------------------------------------------------------===//

/// The end of the reference that begins after \p Text's "$(": the index of its
/// closing bracket, or npos.
static size_t closingBracket(StringRef Text, char Open, char Close) {
  unsigned Nested = 0;
  for (size_t At = 0; At != Text.size(); ++At) {
    if (Text[At] == Open)
      ++Nested;
    else if (Text[At] == Close && !Nested--)
      return At;
  }
  return StringRef::npos;
}

/// What stands behind the character at \p At; nothing behind the end.
static StringRef behind(StringRef Text, size_t At) {
  return At == StringRef::npos ? StringRef() : Text.substr(At + 1);
}

std::string MakeReader::expand(StringRef Text) {
  std::string Out;
  Work += Text.size();
  if (Depth >= MaxDepth || Work > MaxWork)
    return Out;
  ++Depth;
  while (!Text.empty()) {
    size_t Dollar = Text.find('$');
    Out += Text.take_front(Dollar);
    Text = behind(Text, Dollar);
    if (Text.empty())
      break;
    char Open = Text.front();
    Text = Text.drop_front();
    if (Open == '$') {
      Out += '$';
    } else if (Open == '(' || Open == '{') {
      size_t End = closingBracket(Text, Open, Open == '(' ? ')' : '}');
      Out += reference(Text.take_front(End));
      Text = behind(Text, End);
    } else {
      Out += value(StringRef(&Open, 1));
    }
  }
  --Depth;
  Work += Out.size();
  return Out;
}

std::string MakeReader::reference(StringRef Inside) {
  size_t Blank = Inside.find_first_of(" \t");
  StringRef Name = Inside.take_front(Blank);
  if (Blank != StringRef::npos && !Name.contains('$') && !Name.contains(':'))
    return function(Name, splitArguments(Inside.substr(Blank).ltrim()));
  std::string Expanded = expand(Inside);
  size_t Colon = StringRef(Expanded).find(':');
  if (Colon == StringRef::npos)
    return value(Expanded);
  // $(objs:.o=.c)
  auto [From, To] = StringRef(Expanded).substr(Colon + 1).split('=');
  std::string F = From.contains('%') ? From.str() : ("%" + From).str();
  std::string T = From.contains('%') ? To.str() : ("%" + To).str();
  return mapWords(value(StringRef(Expanded).take_front(Colon)),
                  [&](StringRef Word) { return substitute(Word, F, T); });
}

/// Gives variables back what they had, at the end of a loop or call.
class MakeReader::Given {
public:
  Given(MakeReader &Make, ArrayRef<std::string> Names) : Make(Make) {
    for (const std::string &Name : Names) {
      auto It = Make.Variables.find(Name);
      Old.emplace_back(Name, It == Make.Variables.end()
                                 ? std::nullopt
                                 : std::optional<Variable>(It->second));
    }
  }
  ~Given() {
    for (auto &[Name, Value] : Old)
      if (Value)
        Make.Variables[Name] = *Value;
      else
        Make.Variables.erase(Name);
  }

private:
  MakeReader &Make;
  std::vector<std::pair<std::string, std::optional<Variable>>> Old;
};

/// Functions that choose what of their arguments is expanded; the others get
/// theirs expanded.
std::string MakeReader::function(StringRef Name, ArrayRef<StringRef> Raw) {
  if (Name == "if") {
    bool Holds = !StringRef(expand(Raw[0])).trim().empty();
    size_t Branch = Holds ? 1 : 2;
    return Branch < Raw.size() ? expand(Raw[Branch]) : "";
  }
  if (Name == "or" || Name == "and") {
    std::string Last;
    for (StringRef Arg : Raw) {
      Last = StringRef(expand(Arg)).trim().str();
      if (Last.empty() == (Name == "and"))
        break;
    }
    return Last;
  }
  if (Name == "foreach") {
    if (Raw.size() < 3)
      return {};
    std::string Name = StringRef(expand(Raw[0])).trim().str();
    Given Before(*this, {Name});
    return mapWords(expand(Raw[1]), [&](StringRef Word) {
      set(Name, Word);
      return expand(Raw[2]);
    });
  }
  if (Name == "eval") {
    std::string Lines;
    for (StringRef Arg : Raw)
      (Lines += Lines.empty() ? "" : ",") += expand(Arg);
    readLines(Lines);
    return {};
  }
  std::vector<std::string> Args;
  for (StringRef Arg : Raw)
    Args.push_back(expand(Arg));
  if (Name == "call")
    return call(Args);
  if (Name == "value") {
    auto It = Variables.find(Args[0]);
    return It == Variables.end() ? Outer(Args[0]) : It->second.Text;
  }
  if (Name == "origin" || Name == "flavor") {
    auto It = Variables.find(Args[0]);
    if (It == Variables.end())
      return "undefined";
    return Name == "origin"       ? "file"
           : It->second.Recursive ? "recursive"
                                  : "simple";
  }
  if (Name == "shell")
    return shell(StringRef(Args[0]).trim());
  return makeFunction(Name, Args, Cwd);
}

/// What a shell would print: of the one command that Makefiles use for paths,
/// and of the one by which they look into a header. No other is known.
std::string MakeReader::shell(StringRef Command) {
  if (Command == "pwd")
    return value("PWD");
  auto Read = [&](StringRef Path) -> std::optional<std::string> {
    std::string Full = absolute(Path, Cwd);
    if (!isFile(Full) || !Scope->holds(Full))
      return std::nullopt;
    return readText(Full);
  };
  return answerOfGrep(Command, Read).value_or("");
}

/// Calls the variable \p Args[0], with the others as $(1), $(2) and so on.
std::string MakeReader::call(ArrayRef<std::string> Args) {
  std::string Name = StringRef(Args[0]).trim().str();
  // Kbuild asks the compiler whether it knows an option. Those that are of any
  // use here are known to all compilers.
  if (Name == "cc-option" && Args.size() > 1)
    return StringRef(Args[1]).trim().str();
  auto It = Variables.find(Name);
  if (It == Variables.end())
    return {};
  std::string Body = It->second.Text; // expanding may add variables
  constexpr size_t Most = 9;
  std::vector<std::string> Names;
  for (size_t I = 0; I <= Most; ++I)
    Names.push_back(std::to_string(I));
  Given Before(*this, Names);
  for (size_t I = 0; I <= Most; ++I)
    set(Names[I], I < Args.size() ? StringRef(Args[I]) : StringRef());
  return expand(Body);
}

} // namespace vfio::kbuild
