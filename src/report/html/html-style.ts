/** The page's style sheet. Colours never stand alone: each comes with a word. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#5a6675;--line:#dfe3e8;--accent:#2457d6;
--good:#14713d;--good-bg:#e3f4ea;--bad:#b3261e;--bad-bg:#fdeceb;--warn:#855600;--warn-bg:#fdf3dc;--off:#5a6675;--off-bg:#eceff3;
--model:#4a7dde;--user:#9aa5b4;--tool:#d08a18;--retrieval:#2f9e6e;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
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
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0 10px}
.tile{flex:1 1 120px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
.tile b{display:block;white-space:nowrap;font-size:21px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.tile.passed b{color:var(--good)}.tile.failed b{color:var(--bad)}.tile.error b{color:var(--warn)}
.stack{display:block;width:100%;height:10px;border-radius:5px}
.stack .passed{fill:var(--good)}.stack .failed{fill:var(--bad)}.stack .error,.stack .not-run{fill:var(--warn)}.stack .unscored{fill:var(--user)}
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
#gates .limits{display:block}.required{white-space:nowrap}
#estimates th,#estimates td{padding:5px 10px}#estimates .name summary{list-style:none;text-decoration:underline dotted var(--soft);text-underline-offset:3px}#estimates .name summary::-webkit-details-marker{display:none}#estimates .name small{margin:2px 0 3px}#estimates td.method{color:var(--soft);font-size:13px}
.none{margin-top:8px;color:var(--soft);font-size:12.5px}.none ul{margin:2px 0 0;padding-left:18px}.none li{overflow-wrap:anywhere}
.provenance{margin-top:22px}summary{cursor:pointer}
.provenance dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:6px 24px;margin:10px 0 0}
.provenance div{min-width:0}dt{color:var(--soft);font-size:12.5px}dd{margin:0;font-family:var(--mono);font-size:13px;overflow-wrap:anywhere}
.filters{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:10px 0;background:var(--bg)}
.filters button,.filters select,.filters input,.tabs button,.copy,.more{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 11px;min-height:36px}
.filters button,.tabs button,.copy,.more{cursor:pointer}
.filters button[aria-pressed=true],.tabs button[aria-pressed=true]{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.filters .group{display:flex;flex-wrap:wrap;gap:6px}.filters input{flex:1 1 200px;min-width:0}.filters select{min-width:0;max-width:200px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
#count{margin:2px 0 8px;color:var(--soft);font-size:13px}
.case{background:var(--card);border:1px solid var(--line);border-radius:10px;margin-bottom:6px;scroll-margin-top:64px}
.case>summary{display:grid;grid-template-columns:84px minmax(0,1fr) auto;gap:2px 12px;align-items:center;padding:9px 14px;list-style:none}
.case>summary::-webkit-details-marker{display:none}
.case[open]>summary{border-bottom:1px solid var(--line)}
.case .id{font-family:var(--mono);font-size:13.5px;font-weight:600;overflow-wrap:anywhere}
.case .asked{color:var(--soft);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.case .side{text-align:right;color:var(--soft);font-size:13px;white-space:nowrap}
.case .tag{display:inline-block;max-width:180px;margin-left:6px;padding:0 7px;border-radius:5px;background:var(--off-bg);color:var(--off);font-size:12px;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.body{padding:4px 16px 18px}
.body .facts{margin-top:12px}
.tabs{display:flex;flex-wrap:wrap;gap:6px;margin:12px 0 4px}
.why{margin:12px 0 4px;padding:10px 14px 10px 30px;border-radius:8px;background:var(--bad-bg)}.why.error{background:var(--warn-bg)}
.why li,.say,.tool,.chunk,.note{overflow-wrap:anywhere}
.three{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:0 20px}
.three p,.three ul{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.three ul{padding-left:18px}
.fall{display:grid;grid-template-columns:minmax(110px,200px) minmax(60px,1fr) auto;gap:3px 10px;align-items:center;font-size:13px}
.fall .label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.fall .track{position:relative;height:14px;background:var(--off-bg);border-radius:3px}
.fall .span{position:absolute;top:0;bottom:0;min-width:3px;border-radius:3px;background:var(--model)}
.fall .span.user{background:var(--user)}.fall .span.tool{background:var(--tool)}.fall .span.retrieval{background:var(--retrieval)}.fall .span.bad{background:var(--bad)}
.fall .fact{color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin-top:6px;color:var(--soft);font-size:12.5px}
.legend i{display:inline-block;width:10px;height:10px;margin-right:5px;border-radius:2px;background:var(--model)}
.legend .user{background:var(--user)}.legend .tool{background:var(--tool)}.legend .retrieval{background:var(--retrieval)}.legend .bad{background:var(--bad)}
.say{max-width:82%;width:fit-content;margin:0 0 6px;padding:7px 12px;border-radius:10px;background:var(--off-bg);white-space:pre-wrap}
.say.assistant{margin-left:auto;background:color-mix(in srgb,var(--accent) 14%,var(--card))}
.say b{display:block;font-size:11.5px;color:var(--soft);font-weight:600}
.tool,.chunk,.note{padding:6px 0;border-top:1px solid var(--line)}
pre{margin:6px 0 0;padding:9px 12px;border-radius:8px;background:var(--off-bg);white-space:pre-wrap;overflow-wrap:anywhere;max-height:320px;overflow:auto}
.scores{width:auto;min-width:50%}.scores td{padding:4px 12px;overflow-wrap:anywhere}
.command{display:flex;gap:8px;align-items:center;margin-top:16px}.command pre{flex:1;margin:0}
.more{display:block;width:100%;margin-top:8px}.more[hidden],select[hidden]{display:none}
@media(max-width:720px){main{padding:12px 10px 48px}h1{font-size:26px}.banner{grid-template-columns:1fr;padding:14px 16px}
.tiles{gap:8px}.tile{flex-basis:28%;padding:8px 9px}.tile b{font-size:16px}.tile span{font-size:12px}
.cards,.cards tbody,.cards td,.layer th{display:block}.cards thead{display:none}.cards tr{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;padding:9px 12px;border-top:1px solid var(--line)}.cards tr.layer{padding:0}.layer th{flex:1}
#estimates td,.cards td{border:0;padding:0;text-align:left}.cards td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:12.5px}.cards td:not(.name) small{display:inline;margin-left:6px}.cards td:empty{display:none}
.cards td.name{flex:1 1 58%;min-width:0;max-width:none}.cards .interval{order:1;flex:1 1 100%}.cards .method{flex:1 1 100%}#gates .limits{display:flex}.limits .bar{width:150px}.required{white-space:normal}#estimates td.name{flex-basis:45%}#estimates .name code{font-size:12.5px}
.filters{position:static}.filters .group{width:100%}.filters button{padding:6px 9px}.filters select{flex:1 1 100%;width:100%;max-width:100%}
.case>summary{grid-template-columns:auto minmax(0,1fr);padding:9px 11px}.case .asked{white-space:normal;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}.case .side{grid-column:1/-1;text-align:left}
.body{padding:2px 11px 14px}.three{grid-template-columns:1fr}.fall{grid-template-columns:minmax(40px,1fr) auto;gap:1px 10px}.fall .label{grid-column:1/-1;margin-top:3px}.fall .extra{display:none}.say{max-width:94%}.scores{width:100%}.scores td{padding:4px 7px}.scores code,.none code{font-size:12px}.command{flex-wrap:wrap}.command pre{flex:1 1 100%}}
@media print{.filters,.more,.copy{display:none}}
`;
