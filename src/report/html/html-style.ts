/** The style that all pages share. Colours never stand alone: each comes with a word. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#5a6675;--line:#dfe3e8;--accent:#2457d6;
--good:#14713d;--good-bg:#e3f4ea;--bad:#b3261e;--bad-bg:#fdeceb;--warn:#855600;--warn-bg:#fdf3dc;--off:#5a6675;--off-bg:#eceff3;
--model:#4a7dde;--user:#9aa5b4;--tool:#d08a18;--retrieval:#2f9e6e;--guard:#8a5fd0;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media(prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#182029;--ink:#e7ecf2;--soft:#9ba8b7;--line:#2b3643;--accent:#8ab0ff;
--good:#7fdca4;--good-bg:#12331f;--bad:#ff9d95;--bad-bg:#431b19;--warn:#f4c96b;--warn-bg:#3a2c0b;--off:#a9b4c2;--off-bg:#26303b}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:20px 16px 64px}
h1{margin:0;font-size:30px;line-height:1.15;letter-spacing:-.02em}
h2{margin:32px 0 10px;font-size:18px}
h3{margin:18px 0 6px;font-size:12px;text-transform:uppercase;letter-spacing:.06em;color:var(--soft)}
code,pre,.mono{font-family:var(--mono);font-size:.92em}
small{display:block;color:var(--soft);font-size:12.5px;line-height:1.4}
.hint{margin:0 0 8px;color:var(--soft);font-size:13px}
.eyebrow{margin:0 0 2px;color:inherit;opacity:.85;font-size:13px;overflow-wrap:anywhere}
.banner{display:grid;grid-template-columns:minmax(200px,auto) 1fr;gap:8px 28px;align-items:center;padding:18px 22px;border-radius:12px;background:var(--off-bg);border-left:6px solid var(--off)}
.banner.pass{background:var(--good-bg);border-color:var(--good)}.banner.pass h1{color:var(--good)}
.banner.fail,.banner.error{background:var(--bad-bg);border-color:var(--bad)}.banner.fail h1,.banner.error h1{color:var(--bad)}
.banner.inconclusive{background:var(--warn-bg);border-color:var(--warn)}.banner.inconclusive h1{color:var(--warn)}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 10px;font-size:14px}nav b{margin-right:auto;letter-spacing:-.01em}nav a,a{color:var(--accent)}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
.banner ul{margin:0;padding-left:18px}.banner li,.banner p{overflow-wrap:anywhere}
.notice{margin:12px 0 0;padding:9px 14px;border-radius:8px;background:var(--warn-bg);color:var(--warn);font-size:14px}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:10px}
th,td{padding:8px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-size:12.5px;font-weight:600}
.layer th{background:var(--off-bg);font-size:12px;text-transform:uppercase;letter-spacing:.06em;color:var(--soft);padding:5px 12px}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.name{max-width:440px;overflow-wrap:anywhere}
.bar{display:block}.bar .axis{stroke:var(--line);stroke-width:2}.bar .range{fill:var(--accent);opacity:.35}.bar .dot{fill:var(--accent)}.bar .tick{stroke:var(--bad);stroke-width:2}
.pill{display:inline-block;justify-self:start;padding:1px 9px;border-radius:99px;font-size:12.5px;font-weight:600;white-space:nowrap;color:var(--off);background:var(--off-bg)}
.pill.pass,.pill.passed{color:var(--good);background:var(--good-bg)}
.pill.fail,.pill.failed{color:var(--bad);background:var(--bad-bg)}
.pill.error,.pill.inconclusive,.pill.not-run{color:var(--warn);background:var(--warn-bg)}
.limits{display:flex;flex-wrap:wrap;gap:0 10px;align-items:center}.limits small{white-space:nowrap}
.provenance{margin-top:22px}summary{cursor:pointer}
.provenance dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:6px 24px;margin:10px 0 0}
.provenance div{min-width:0}dt{color:var(--soft);font-size:12.5px}dd{margin:0;font-family:var(--mono);font-size:13px;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.case{background:var(--card);border:1px solid var(--line);border-radius:10px;margin-bottom:6px;scroll-margin-top:64px}
.case>summary{display:grid;grid-template-columns:84px minmax(0,1fr) auto;gap:2px 12px;align-items:center;padding:9px 14px;list-style:none}
.case>summary::-webkit-details-marker{display:none}
.case[open]>summary{border-bottom:1px solid var(--line)}
.case .id{font-family:var(--mono);font-size:13.5px;font-weight:600;overflow-wrap:anywhere}
.case .asked{color:var(--soft);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.case .side{text-align:right;color:var(--soft);font-size:13px;white-space:nowrap}
.case .tag{display:inline-block;max-width:180px;margin-left:6px;padding:0 7px;border-radius:5px;background:var(--off-bg);color:var(--off);font-size:12px;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.body{padding:4px 16px 18px}
pre{margin:6px 0 0;padding:9px 12px;border-radius:8px;background:var(--off-bg);white-space:pre-wrap;overflow-wrap:anywhere;max-height:320px;overflow:auto}
@media(max-width:720px){main{padding:12px 10px 48px}h1{font-size:26px}.banner{grid-template-columns:1fr;padding:14px 16px}
.case>summary{grid-template-columns:auto minmax(0,1fr);padding:9px 11px}.case .asked{white-space:normal;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}.case .side{grid-column:1/-1;text-align:left}.body{padding:2px 11px 14px}}
`;
