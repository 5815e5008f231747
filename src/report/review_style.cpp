#include "report/review_assets.h"

namespace syncgate {

const std::string_view kReviewStyle = R"css(
:root { color-scheme: light dark; --text: #1b1b1b; --page: #ffffff; --line: #c4c4c4; --quiet: #555555;
  --panel: #f4f4f4; --insert: #116329; --update: #0a50a1; --delete: #a40e26; --add: #d2f4da;
  --del: #fbdcdc; --warn: #fff1c2; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --page: #15171a; --line: #4a4f55;
  --quiet: #b0b4b9; --panel: #1f2226; --insert: #6fd08c; --update: #80b8ff; --delete: #ff9aa5;
  --add: #12391d; --del: #4a171d; --warn: #453800; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 2rem; } h3 { font-size: 1.05rem; }
code, td.value, dd { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
.digest { border: 2px solid var(--text); padding: .75rem 1rem; }
.digest strong { font: 700 1.4rem ui-monospace, monospace; letter-spacing: .05em; }
.warnings { background: var(--warn); padding: .25rem 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
th { background: var(--panel); } td.number { text-align: right; }
.insert { color: var(--insert); fill: var(--insert); } .update { color: var(--update); fill: var(--update); }
.delete { color: var(--delete); fill: var(--delete); }
ins { background: var(--add); text-decoration: none; } del { background: var(--del); }
.quiet { color: var(--quiet); } .null { font-style: italic; letter-spacing: .1em; }
dl { margin: 0; } dt { font-weight: 600; } dd { margin: 0 0 .25rem 1rem; }
form { display: flex; flex-wrap: wrap; gap: 1rem; background: var(--panel); padding: .75rem; }
label { display: grid; gap: .2rem; } input, select, button { font: inherit; padding: .3rem .5rem; }
nav { display: flex; gap: 1rem; align-items: center; margin: .75rem 0; }
:focus-visible { outline: 3px solid var(--update); outline-offset: 2px; }
@media print { form, nav, .skip { display: none; } }
)css";

}  // namespace syncgate
