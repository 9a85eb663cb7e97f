/** What the report of a run needs beside the style of all pages. Colours never stand alone: each comes with a word. */
export const REPORT_STYLE = `
html{scroll-padding-top:12px}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:8px;z-index:9;padding:6px 12px;background:var(--card);border-radius:8px}
header{max-width:1120px;margin:0 auto;padding:16px 16px 0}header nav{margin:0;gap:4px 16px}header+main{padding-top:12px}main:focus{outline:none}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.soft{color:var(--soft)}h2{scroll-margin-top:12px}
h3.plain{margin:18px 0 4px;font-size:14px;text-transform:none;letter-spacing:0;color:var(--ink)}
.lead{margin:0;font-size:17px;line-height:1.4;font-weight:600}.lead+ul{margin-top:8px}
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0 10px}
.tile{flex:1 1 120px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
.tile b{display:block;white-space:nowrap;font-size:21px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.tile.passed b{color:var(--good)}.tile.failed b{color:var(--bad)}.tile.error b{color:var(--warn)}
.stack{display:block;width:100%;height:10px;border-radius:5px}
.stack .passed{fill:var(--good)}.stack .failed{fill:var(--bad)}.stack .error,.stack .not-run{fill:var(--warn)}.stack .unscored{fill:var(--user)}
.cards tbody th{font-weight:400}.cards .name code{font-weight:600;font-size:13.5px;overflow-wrap:anywhere}.cards .name small{margin-top:2px}.cards b{font-weight:600;font-variant-numeric:tabular-nums}
.cards .layer th{font-weight:600}.cards .limits{display:block}.cards .interval{width:200px}.cards .method{color:var(--soft);font-size:13px}
.gates .required{width:190px}.gates .required .settle{color:var(--ink);margin-top:3px}
.more-of>td{border-top:0;padding-top:0}.more-of details{margin:0 0 4px}.more-of summary{color:var(--accent);font-size:13.5px}.more-of ul{margin:4px 0 6px;padding-left:20px;font-size:13.5px}.more-of table{margin:6px 0 8px;border-color:var(--line)}.more-of table th,.more-of table td{padding:6px 10px}
.waiver{margin:0 0 6px;padding:6px 10px;border-radius:8px;background:var(--off-bg);font-size:13.5px}
.apart{margin:0;padding-left:20px;font-size:13.5px}.apart li{overflow-wrap:anywhere}.cards li{overflow-wrap:anywhere}
.bar .zero{stroke:var(--soft);stroke-width:1.5}
#estimates th,#estimates td{padding:5px 10px}#estimates .name summary{list-style:none;text-decoration:underline dotted var(--soft);text-underline-offset:3px}#estimates .name summary::-webkit-details-marker{display:none}#estimates .name small{margin:2px 0 3px}
.none{margin-top:8px;color:var(--soft);font-size:12.5px}.none ul{margin:2px 0 0;padding-left:18px}.none li{overflow-wrap:anywhere}
.finding{margin:0 0 4px;font-size:16px;font-weight:600;overflow-wrap:anywhere}
.link{font:inherit;font-weight:600;color:var(--accent);background:none;border:0;padding:2px 0;text-align:left;cursor:pointer;text-decoration:underline dotted;text-underline-offset:3px}
#failures .name{width:32%}.share{width:110px}.share-bar{display:block;width:100px;height:8px;margin-top:8px;border-radius:4px;background:var(--off-bg)}.share-bar rect{fill:var(--bad)}.share-bar .infrastructure,.share-bar .limit{fill:var(--warn)}
.examples ul{margin:0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.filters{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:10px 0;background:var(--bg)}
.filters button,.filters select,.filters input,.tabs button,.copy,.steps button,dialog>button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 11px;min-height:36px}
button{cursor:pointer}button:disabled{cursor:default;opacity:.45}
.filters button[aria-pressed=true],.tabs button[aria-pressed=true]{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.filters .group{display:flex;flex-wrap:wrap;gap:6px}.find{display:flex;gap:8px;flex:1 1 240px;min-width:0}.filters input{flex:1;min-width:0}.filters select{min-width:0;max-width:200px}select[hidden]{display:none}
#count{margin:2px 0 8px;color:var(--soft);font-size:13px}
#list{--row:58px;position:relative;max-height:min(72vh,640px);overflow-y:auto;overscroll-behavior:contain;background:var(--card);border:1px solid var(--line);border-radius:10px}
#list[hidden]{display:none}#list .rows{position:relative}
#list .row{display:grid;grid-template-columns:86px minmax(0,1fr) minmax(0,200px) 110px;gap:0 12px;align-items:center;padding:0 14px}
#list .rows .row{position:absolute;left:0;right:0;height:var(--row);border-top:1px solid var(--line);cursor:pointer}#list .rows .row:hover{background:var(--off-bg)}#list .row:focus-visible{outline-offset:-3px}
#list .head{position:sticky;top:0;z-index:1;height:30px;background:var(--card);color:var(--soft);font-size:12.5px;font-weight:600}#list .head .trials,#list .trials{text-align:right}
#list .rows .case,#list .head .case{all:unset}#list .rows .case{min-width:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
#list .id{font-family:var(--mono);font-size:13.5px;font-weight:600}#list .asked{display:block;color:var(--soft);overflow:hidden;text-overflow:ellipsis;font-size:14px}
#list .tag{display:inline-block;max-width:160px;margin-left:6px;padding:0 7px;border-radius:5px;background:var(--off-bg);color:var(--off);font-size:12px;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
#list .rows .why{all:unset;cursor:pointer;font-size:13px;max-height:40px;overflow:hidden}#list .head .why{all:unset}#list .rows .trials{color:var(--soft);font-size:13px}
.pill.worse{color:var(--bad);background:var(--bad-bg)}.pill.better{color:var(--good);background:var(--good-bg)}.pill.unknown{color:var(--warn);background:var(--warn-bg)}
dialog{border:1px solid var(--line);border-radius:14px;padding:0;background:var(--card);color:var(--ink)}dialog::backdrop{background:rgb(0 0 0/.5)}
#case{width:min(1080px,calc(100vw - 32px));max-width:none;height:calc(100dvh - 48px);max-height:none;overflow-y:auto}
.case-head{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;padding:12px 18px;background:var(--card);border-bottom:1px solid var(--line)}
.case-head h2{flex:1;min-width:0;margin:0;font:600 15px/1.4 var(--mono);overflow-wrap:anywhere}.case-head h2:focus{outline:none}.case-head .place{color:var(--soft);font-size:13px}.steps{display:flex;gap:6px}.steps button{min-width:40px}
.case-body{padding:2px 18px 22px}.case-body .facts{margin-top:12px}.kind{margin:12px 0 0;color:var(--ink)}
.tabs{display:flex;flex-wrap:wrap;gap:6px;margin:12px 0 4px}
ul.why{margin:8px 0 4px;padding:10px 14px 10px 30px;border-radius:8px;background:var(--bad-bg)}ul.why.error{background:var(--warn-bg)}
.why li,.say,.tool,.chunk,.note{overflow-wrap:anywhere}
.three{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:0 20px}
.three p,.three ul{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.three ul{padding-left:18px}
.sides{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:10px 20px}.sides>div{min-width:0}.sides h4{margin:0 0 5px;font-size:13px}.answer{margin:0 0 6px;white-space:pre-wrap;overflow-wrap:anywhere}
del{color:var(--bad);background:var(--bad-bg)}ins{color:var(--good);background:var(--good-bg);text-decoration:none;border-bottom:1px solid}
.fall{margin:0;padding:0;list-style:none;font-size:13px}.fall li{display:grid;grid-template-columns:minmax(110px,220px) minmax(60px,1fr) minmax(120px,250px);gap:3px 10px;align-items:center;padding:1px 0}.fall.untimed li{grid-template-columns:minmax(110px,1fr) 12px minmax(120px,2fr)}
.fall .label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.fall .track{position:relative;height:14px;background:var(--off-bg);border-radius:3px}
.fall .span{position:absolute;top:0;bottom:0;min-width:3px;border-radius:3px;background:var(--model)}.fall .dot{display:block;width:10px;height:10px;border-radius:2px;background:var(--model)}
.fall .user,.fall .helper,.legend .user,.legend .helper{background:var(--user)}.fall .tool,.legend .tool{background:var(--tool)}.fall .retrieval,.legend .retrieval{background:var(--retrieval)}.fall .guardrail,.legend .guardrail{background:var(--guard)}.fall .bad,.legend .bad{background:var(--bad)}
.fall .fact{color:var(--soft);overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin-top:6px;color:var(--soft);font-size:12.5px}
.legend i{display:inline-block;width:10px;height:10px;margin-right:5px;padding:0;border:0;border-radius:2px;background:var(--model)}
.say{max-width:82%;width:fit-content;margin:0 0 6px;padding:7px 12px;border-radius:10px;background:var(--off-bg);white-space:pre-wrap}
.say.assistant{margin-left:auto;background:color-mix(in srgb,var(--accent) 14%,var(--card))}
.say b{display:block;font-size:11.5px;color:var(--soft);font-weight:600}.say.assistant b{color:var(--ink)}
.tool{margin-left:0}.tool,.chunk,.note{padding:6px 0;border-top:1px solid var(--line)}span.tool{padding:0;border:0}
.scores{width:auto;min-width:50%}.scores td,.scores th{padding:4px 12px;overflow-wrap:anywhere;font-weight:400}
.command{display:flex;gap:8px;align-items:center;margin-top:16px}.command pre{flex:1;margin:0}
#help{padding:8px 22px 20px;max-width:min(440px,calc(100vw - 32px))}.key-list{margin:0 0 14px}.key-list div{display:flex;gap:14px;padding:4px 0}.key-list dt{flex:0 0 130px;color:inherit}.key-list dd{font:inherit}kbd{padding:1px 7px;border:1px solid var(--line);border-radius:5px;background:var(--off-bg);font:13px var(--mono)}
.facts-list{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));gap:8px 24px;margin:8px 0 14px}.facts-list div{min-width:0}.facts-list:not(.mono) dd{font:inherit}.again{margin-top:4px}
#print-cases{display:none}
@media(max-width:720px){header{padding:12px 10px 0}.tiles{gap:8px}.tile{flex-basis:28%;padding:8px 9px}.tile b{font-size:16px}.tile span{font-size:12px}.lead{font-size:15.5px}
.cards,.cards tbody,.cards td,.cards tbody th{display:block}.cards thead{display:none}.cards tr{display:flex;flex-wrap:wrap;gap:3px 14px;align-items:baseline;padding:9px 12px;border-top:1px solid var(--line)}.cards tr.layer{padding:0}.cards .layer th{flex:1}
.cards td,#estimates td,.cards tbody th.name,.more-of table td,.more-of table th{border:0;padding:0;text-align:left}.cards td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:12.5px}.cards td:empty{display:none}
.cards .num small{display:inline;margin-left:6px}.cards .name{flex:1 1 58%;min-width:0;max-width:none}.cards .interval{flex:1 1 100%;width:auto}.cards .method{flex:1 1 100%}.cards .required{flex:1 1 100%;width:auto}.limits .bar{width:160px}.more-of>td{flex:1 1 100%;min-width:0}tr.more-of{border-top:0!important;padding-top:0!important}
#failures .name{width:auto;flex-basis:100%}.share{display:none!important}.examples{flex:1 1 100%}
.filters{position:static}.filters .group{width:100%}.filters button{padding:6px 9px}.filters select{flex:1 1 40%;max-width:100%}.find{flex-basis:100%}
#list{--row:98px}#list .row{grid-template-columns:auto minmax(0,1fr) auto;gap:0 8px;padding:0 10px}#list .head{display:none}#list .rows .row{align-content:center}#list .rows .case{grid-column:1/-1;order:3}#list .rows .why{max-height:20px;white-space:nowrap;text-overflow:ellipsis}
#case{width:100vw;height:100dvh;max-height:100dvh;border:0;border-radius:0;margin:0;max-width:100vw}.case-head{padding:8px 10px}.case-head h2{flex:1 1 60%}.case-body{padding:2px 10px 18px}
.three,.sides{grid-template-columns:minmax(0,1fr)}.fall li{grid-template-columns:minmax(40px,1fr) 104px;gap:1px 10px}.fall .label{grid-column:1/-1;margin-top:3px}.fall .extra{display:none}.fall.untimed li{grid-template-columns:12px minmax(0,1fr)}.fall.untimed .dot{order:-1}.fall.untimed .label{grid-column:auto}.fall.untimed .fact{grid-column:2}.say{max-width:94%}.scores{width:100%}.scores td,.scores th{padding:4px 7px}.scores code,.none code{font-size:12px}.command{flex-wrap:wrap}.command pre{flex:1 1 100%}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#111;--soft:#444;--line:#bbb}body{font-size:11pt}header nav,.filters,.copy,#list,#count,.skip,dialog,.share{display:none!important}main{max-width:none;padding:0}
#print-cases{display:block}#print-cases article{margin:0 0 8pt;break-inside:avoid;border-top:1px solid var(--line)}#print-cases p,#print-cases li{overflow-wrap:anywhere}section,tr,.figure{break-inside:avoid-page}#gates,#estimates,#failures,#case-list,#slices{break-inside:auto}a{color:inherit;text-decoration:none}.link{color:inherit}*{print-color-adjust:exact}}
`;
