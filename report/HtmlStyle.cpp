//===- HtmlStyle.cpp - How the HTML report looks ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/HtmlStyle.h"

namespace vfio {

const llvm::StringLiteral HtmlStyle = R"css(
:root {
  --text: #1c2128; --dim: #59636e; --page: #f4f6f8; --card: #ffffff;
  --line: #d5dbe1; --good: #157a3c; --bad: #b3261e; --warn: #8a5a00;
  --link: #0a58b0; --old: #fdeceb; --old-edge: #e9a5a0; --new: #e8f6ec;
  --new-edge: #8ecba2; --code: #fbfcfd;
  --up: #1f8a4c; --live: #0a6ebd; --down: #b26a00; --free: #6b7683;
  --own: #7b4fb5; --fail: #c62f26; --rail: #aab4bf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e3e8ee; --dim: #98a3af; --page: #12161b; --card: #1a2027;
    --line: #323b45; --good: #58c27d; --bad: #ff8a80; --warn: #e0b050;
    --link: #7ab8ff; --old: #3a1f20; --old-edge: #7d3b3a; --new: #16321f;
    --new-edge: #2f6a43; --code: #161b21;
    --up: #4fbf7c; --live: #58a9ec; --down: #e0a040; --free: #98a3af;
    --own: #b08ee6; --fail: #ff7b72; --rail: #56626f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
main { max-width: 1320px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 15px; margin: 26px 0 8px; }
p { margin: 4px 0; }
a { color: var(--link); }
code, pre, .file {
  font-family: ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono",
               "Liberation Mono", monospace;
}
code { font-size: 13px; overflow-wrap: anywhere; }
.file { font-size: 13px; overflow-wrap: break-word; min-width: 0; }
.dim { color: var(--dim); }
.counts { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0; padding: 0; }
.counts li {
  list-style: none; flex: 1 1 120px; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px;
}
.counts b { display: block; font-size: 26px; line-height: 1.2; }
section, .list {
  background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 20px 22px; margin: 18px 0;
}
.list {
  padding: 6px 0; display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr));
}
.list a {
  display: grid; grid-template-columns: 116px 1fr; gap: 4px 12px;
  padding: 8px 18px; color: inherit; text-decoration: none;
}
.list a:hover { background: var(--page); }
.list .file { color: var(--dim); grid-column: 2; }
.list .badge { grid-row: span 2; align-self: start; }
.list.findings a { grid-template-columns: minmax(0, 1fr); align-content: start; }
.list.findings .file, .list.findings .badge { grid-column: 1; grid-row: auto; }
.badge {
  display: inline-block; border: 1px solid currentColor; border-radius: 999px;
  padding: 1px 10px; font-size: 12px; font-weight: 600; white-space: nowrap;
  justify-self: start;
}
.converted { color: var(--good); } .refused { color: var(--bad); }
.already-new { color: var(--link); } .not-verified { color: var(--warn); }
.head { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; }
.refusal { border-left: 4px solid var(--bad); padding: 2px 0 2px 14px; margin: 14px 0 0; }
ol.plan { padding-left: 26px; margin: 0; }
ol.plan li { margin: 0 0 10px; }
ol.plan .step { font-weight: 600; }
ul { padding-left: 22px; margin: 4px 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 18px; }
.pair > * { min-width: 0; }
figure { margin: 8px 0 6px; }
figcaption { font-size: 13px; color: var(--dim); font-weight: 600; margin: 0 0 4px; }
svg.life { display: block; max-width: 100%; height: auto; }
svg.life text {
  fill: var(--text);
  font: 13px system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
svg.life .end { fill: var(--dim); font-size: 12px; font-style: italic; }
svg.life .rails path { fill: none; stroke: var(--rail); stroke-width: 2.5; }
svg.life .entry { fill: var(--text); }
svg.life circle { stroke: var(--card); stroke-width: 2; }
.ev-up { fill: var(--up); --c: var(--up); }
.ev-live { fill: var(--live); --c: var(--live); }
.ev-down { fill: var(--down); --c: var(--down); }
.ev-free { fill: var(--free); --c: var(--free); }
.ev-own { fill: var(--own); --c: var(--own); }
.ev-fail { fill: var(--fail); --c: var(--fail); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; color: var(--dim); }
.legend span::before {
  content: ""; display: inline-block; width: 10px; height: 10px;
  border-radius: 50%; background: var(--c); margin-right: 6px;
}
.code { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; margin: 8px 0 18px; }
.code > .file { display: block; padding: 7px 12px; border-bottom: 1px solid var(--line); background: var(--page); }
.row { display: grid; grid-template-columns: 1fr 1fr; }
.row pre {
  margin: 0; padding: 0; font-size: 12.5px; line-height: 1.5; tab-size: 8;
  background: var(--code); min-width: 0; white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.row pre + pre { border-left: 1px solid var(--line); }
.row i {
  display: block; font-style: normal; padding: 0 8px 0 52px; min-height: 1.5em;
  position: relative;
}
.row i::before {
  content: attr(data-n); position: absolute; left: 0; width: 42px;
  text-align: right; color: var(--dim); opacity: .75;
}
.row i[data-step]::after {
  content: attr(data-step); position: absolute; left: 2px; top: 2px;
  background: var(--old-edge); color: var(--card); border-radius: 999px;
  font: 700 10px/1.6 system-ui, sans-serif; padding: 0 5px;
}
.row i[data-step=""]::after { content: none; }
.row i.gap { min-height: .6em; background: var(--page); }
.filters { display: flex; flex-wrap: wrap; gap: 8px 18px; margin: 14px 0; }
.filters fieldset {
  border: 1px solid var(--line); border-radius: 8px; padding: 4px 14px 8px;
  display: flex; flex-wrap: wrap; gap: 2px 14px; max-width: 100%;
}
.filters legend { color: var(--dim); font-size: 13px; }
.filters label { overflow-wrap: break-word; min-width: 0; }
.filters details { flex-basis: 100%; min-width: 0; }
.filters summary { cursor: pointer; }
.row.single { grid-template-columns: minmax(0, 1fr); }
.row .here { background: var(--old); box-shadow: inset 3px 0 var(--old-edge); }
.row .o, .row .n { background: var(--page); }
.row .o i { background: var(--old); box-shadow: inset 3px 0 var(--old-edge); }
.row .n i { background: var(--new); box-shadow: inset 3px 0 var(--new-edge); }
.code summary {
  cursor: pointer; padding: 3px 12px 3px 34px; font-size: 12.5px;
  color: var(--dim); background: var(--page); list-style-position: inside;
}
.c { color: var(--dim); font-style: italic; } .s { color: var(--good); }
.k { color: var(--own); } .a { color: var(--live); font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; padding: 6px 12px 6px 0; }
td { border-top: 1px solid var(--line); padding: 6px 12px 6px 0; vertical-align: top; overflow-wrap: anywhere; }
footer { color: var(--dim); font-size: 13px; }
@media (max-width: 760px) {
  main { padding: 16px 10px 40px; }
  h1 { font-size: 21px; }
  section { padding: 16px 14px; }
  .counts li { flex-basis: 40%; }
  .list a { grid-template-columns: 1fr; padding: 8px 14px; }
  .list .file, .list .badge { grid-column: 1; grid-row: auto; }
  .pair, .row { grid-template-columns: minmax(0, 1fr); }
  .row.same pre + pre { display: none; }
  .row pre + pre { border-left: 0; }
  .row pre { font-size: 11.5px; tab-size: 4; }
  .row i { padding-left: 40px; } .row i::before { width: 32px; }
  .code summary { padding-left: 22px; }
}
@media print {
  body { background: none; } section { break-inside: avoid-page; border: 0; }
}
)css";

} // namespace vfio
