//===- LifecycleDrawing.cpp - The life of a device, drawn -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/LifecycleDrawing.h"
#include "report/HtmlText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

namespace vfio::rewriter {

using llvm::StringRef;

namespace {
/// An event, and what can come after it.
struct Node {
  std::string Text;
  StringRef Style;
  std::vector<std::string> Ends; ///< the paths that end here
  std::vector<std::unique_ptr<Node>> Next;

  /// The first of \c Next is where the first path goes: the way down.
  Node &child(StringRef Text, StringRef Style) {
    for (std::unique_ptr<Node> &N : Next)
      if (N->Text == Text)
        return *N;
    Next.push_back(std::make_unique<Node>());
    Next.back()->Text = Text.str();
    Next.back()->Style = Style;
    return *Next.back();
  }
};

/// Lays nodes out on a grid and writes them.
class Drawing {
public:
  std::string draw(const Node &Root);

private:
  static constexpr unsigned RowHeight = 26, RailWidth = 22, Left = 12, Top = 14;
  static constexpr double LetterWidth = 7.3, SmallLetterWidth = 6.2;

  unsigned x(unsigned Rail) const { return Left + Rail * RailWidth; }
  unsigned y(unsigned Row) const { return Top + Row * RowHeight; }
  void drawNode(const Node &N, unsigned Rail);
  void drawNext(const Node &N, unsigned Rail, unsigned Row);
  void drawText(const Node &N, unsigned Rail);

  std::string Lines, Dots;
  unsigned Row = 0;
  double Width = 0;
};
} // namespace

/// The style of an event by what it does to the device's life.
static StringRef styleOf(LifeEvent Event) {
  switch (Event) {
  case LifeEvent::Allocated:
  case LifeEvent::Initialised:
    return "ev-up";
  case LifeEvent::Registered:
    return "ev-live";
  case LifeEvent::RegisterFailed:
    return "ev-fail";
  case LifeEvent::Unregistered:
  case LifeEvent::Uninitialised:
  case LifeEvent::Put:
    return "ev-down";
  case LifeEvent::CoreReleased:
  case LifeEvent::Freed:
    return "ev-free";
  }
  return "";
}

void Drawing::drawText(const Node &N, unsigned Rail) {
  llvm::raw_string_ostream OS(Dots);
  double X = x(Rail) + 14;
  OS << "<text x=\"" << X << "\" y=\"" << y(Row) + 4 << "\">"
     << htmlEscaped(N.Text) << "</text>";
  X += double(N.Text.size()) * LetterWidth + 10;
  if (!N.Ends.empty()) {
    std::string Label = llvm::join(N.Ends, ", ");
    OS << "<text class=end x=\"" << X << "\" y=\"" << y(Row) + 4 << "\">"
       << htmlEscaped(Label) << "</text>";
    X += double(Label.size()) * SmallLetterWidth;
  }
  Width = std::max(Width, X + 6);
}

void Drawing::drawNode(const Node &N, unsigned Rail) {
  llvm::raw_string_ostream(Dots)
      << "<circle class=" << N.Style << " cx=\"" << x(Rail) << "\" cy=\""
      << y(Row) << "\" r=\"6\"/>";
  drawText(N, Rail);
  drawNext(N, Rail, Row++);
}

/// What follows the node in row \p From: the branches first, each on the next
/// rail, then the way down past them.
void Drawing::drawNext(const Node &N, unsigned Rail, unsigned From) {
  for (size_t I = 1; I < N.Next.size(); ++I) {
    llvm::raw_string_ostream(Lines)
        << "<path d=\"M" << x(Rail) << " " << y(From) << " V" << y(Row) - 10
        << " Q" << x(Rail) << " " << y(Row) << " " << x(Rail) + 10 << " "
        << y(Row) << " H" << x(Rail + 1) << "\"/>";
    drawNode(*N.Next[I], Rail + 1);
  }
  if (N.Next.empty())
    return;
  llvm::raw_string_ostream(Lines)
      << "<path d=\"M" << x(Rail) << " " << y(From) << " V" << y(Row) << "\"/>";
  drawNode(*N.Next.front(), Rail);
}

std::string Drawing::draw(const Node &Root) {
  // The function itself stands for "nothing has happened yet".
  Dots += "<rect class=entry x=\"6\" y=\"8\" width=\"12\" height=\"12\" "
          "rx=\"3\"/>";
  drawText(Root, 0);
  drawNext(Root, 0, Row++);
  std::string Svg;
  llvm::raw_string_ostream OS(Svg);
  OS << "<svg class=life viewBox=\"0 0 " << unsigned(Width) << " " << y(Row)
     << "\" width=\"" << unsigned(Width) << "\" height=\"" << y(Row)
     << "\" role=img aria-label=\"Events on each path\"><g class=rails>"
     << Lines << "</g>" << Dots << "</svg>";
  return Svg;
}

std::string drawPaths(llvm::ArrayRef<const PathEvents *> Paths, bool After) {
  Node Root;
  Root.Text = Paths.front()->Function + "()";
  auto Add = [&](const PathEvents &P) {
    const PathEvents::Side &Side = After ? P.After : P.Before;
    Node *At = &Root;
    for (LifeEvent Event : Side.Events)
      At = &At->child(textOf(Event), styleOf(Event));
    if (Side.What != PathEvents::Side::There)
      At = &At->child(Side.texts().front(), "ev-own");
    At->Ends.push_back(P.Path);
  };
  // The way down is the one on which all goes well.
  for (bool Success : {true, false})
    for (const PathEvents *P : Paths)
      if (P->Fails != Success)
        Add(*P);
  return Drawing().draw(Root);
}

std::string drawingLegend() {
  return "<p class=legend>"
         "<span class=ev-up>comes to life</span>"
         "<span class=ev-live>visible to user space</span>"
         "<span class=ev-down>on its way out</span>"
         "<span class=ev-free>memory goes</span>"
         "<span class=ev-own>the driver's own</span>"
         "<span class=ev-fail>fails</span></p>";
}

} // namespace vfio::rewriter
