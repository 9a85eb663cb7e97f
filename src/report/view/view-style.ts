/** What the pages of the history need beside the style of all pages. */
export const VIEW_STYLE = `
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:8px;z-index:9;padding:6px 12px;background:var(--card);border-radius:8px}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
main:focus{outline:none}[hidden]{display:none!important}
.view-top{background:var(--card);border-bottom:1px solid var(--line)}.view-top nav{max-width:1280px;margin:0 auto;padding:10px 16px;gap:4px 22px}.view-top a[aria-current]{font-weight:650;color:var(--ink)}
.above ol{display:flex;flex-wrap:wrap;gap:2px 0;max-width:1120px;margin:12px auto 0;padding:0 16px;list-style:none;font-size:14px}.above{display:block;margin:0}.above li{min-width:0;overflow-wrap:anywhere}.above li::after{content:"›";padding:0 8px;color:var(--soft)}
main:has(.runs){max-width:1280px}
.page-head{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:baseline;margin-bottom:12px}.page-head h1{font-size:24px;overflow-wrap:anywhere}.page-head p{margin:0;color:var(--soft)}
.asks{display:flex;flex-wrap:wrap;gap:10px;align-items:end;margin:0 0 12px}.asks label{display:grid;gap:3px;min-width:0;color:var(--soft);font-size:12.5px}.asks .grow{flex:1 1 220px}
.asks select,.asks input,.view-button{font:inherit;color:var(--ink);min-height:36px;min-width:0;max-width:100%;padding:5px 10px;border:1px solid var(--line);border-radius:8px;background:var(--card)}.asks select{max-width:240px}
.view-button{cursor:pointer}.view-button:hover{background:var(--off-bg)}.view-button.main{border-color:var(--accent);background:var(--accent);color:var(--card);font-weight:600}.view-button:disabled{opacity:.5;cursor:default}
.picked{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;padding:8px 0;background:var(--bg)}.picked p{margin:0;color:var(--soft);font-size:13.5px}
.runs td,.runs th{padding:8px 10px}.runs tbody th{font-weight:400}.runs .pick{width:44px;text-align:center}.runs .pick label{display:block;padding:4px;margin:-4px}.runs input[type=checkbox],.history input[type=radio]{width:18px;height:18px;margin:0;accent-color:var(--accent)}
.runs tbody tr:hover,.history tbody tr:hover{background:var(--off-bg)}.runs .name a{font-family:var(--mono);font-size:13px;font-weight:600;white-space:nowrap}
.runs small{overflow-wrap:anywhere}.runs .agent{overflow-wrap:anywhere;max-width:230px}.runs .verdict small{display:-webkit-box;max-width:260px;overflow:hidden;-webkit-line-clamp:3;-webkit-box-orient:vertical}.runs .rate .soft{white-space:nowrap}.soft{color:var(--soft)}
.runs progress{display:block;width:100%;max-width:130px;height:8px;accent-color:var(--accent)}
.rate b{font-variant-numeric:tabular-nums}.rate .bar{margin-top:4px}.rate .bar .dot{r:3.5}
.tag{display:inline-block;max-width:180px;margin:2px 4px 0 0;padding:0 7px;border-radius:5px;background:var(--off-bg);color:var(--off);font-size:12px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom}.tag.main{background:var(--good-bg);color:var(--good);font-weight:650}
.pill.running,.pill.changed{color:var(--accent);background:color-mix(in srgb,var(--accent) 12%,var(--card))}
.pager{display:flex;gap:18px;align-items:center;margin:14px 0}.pager span{color:var(--soft)}
.trouble{position:sticky;bottom:0;z-index:3;margin:10px 0 0;padding:10px 16px;border-radius:8px;background:var(--bad-bg);color:var(--bad);font-weight:600}.trouble:empty{display:none}
.message{max-width:640px;margin:32px auto;padding:22px 26px;background:var(--card);border:1px solid var(--line);border-radius:12px}.message h1{font-size:22px}.message p{overflow-wrap:anywhere;white-space:pre-wrap}
.scroll{overflow-x:auto}.history .trial{display:inline-block;margin:0 4px 3px 0}.history .trial a{text-decoration:none}.history .trial a:hover .pill{text-decoration:underline}.history td,.history th{padding:7px 10px}.history tbody th{font-weight:400;font-family:var(--mono);font-size:13px}.history .pick{text-align:center;width:52px}
.input{margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}.facts{color:var(--soft);font-size:13.5px;overflow-wrap:anywhere}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:10px 20px}.two>div{min-width:0;padding:12px 16px;background:var(--card);border:1px solid var(--line);border-radius:10px}.two h3{margin:0 0 6px;text-transform:none;letter-spacing:0;font-size:14px;color:var(--ink);overflow-wrap:anywhere}
.answer{margin:0 0 6px;white-space:pre-wrap;overflow-wrap:anywhere}del{color:var(--bad);background:var(--bad-bg)}ins{color:var(--good);background:var(--good-bg);text-decoration:none;border-bottom:1px solid}
.tabs{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 10px}.tabs a{padding:5px 11px;border:1px solid var(--line);border-radius:8px;background:var(--card);text-decoration:none}.tabs a[aria-current]{background:var(--ink);color:var(--bg);border-color:var(--ink)}
#trial{padding:2px 18px 20px;background:var(--card);border:1px solid var(--line);border-radius:12px}#trial:empty{display:none}
.events details{padding:4px 0;border-top:1px solid var(--line)}.events summary{font-size:13.5px}.events code{font-weight:600}
.live{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;margin:0 0 12px;padding:9px 14px;border-radius:8px;background:color-mix(in srgb,var(--accent) 12%,var(--card))}
@media(max-width:860px){.runs,.runs tbody,.runs td,.runs tbody th{display:block}.runs thead{display:none}.runs tr{display:grid;grid-template-columns:auto minmax(0,1fr) auto;gap:2px 10px;padding:10px;border-top:1px solid var(--line)}.runs tr:first-child{border-top:0}.runs td,.runs tbody th{border:0;padding:0}.runs .pick{grid-row:1/3;width:auto;padding-top:2px}.runs .verdict{text-align:right}.runs .verdict small,.runs .empty{display:none}.runs .more{grid-column:2/-1}.runs .more::before{content:attr(data-label) " ";color:var(--soft);font-size:12.5px}.runs .agent{max-width:none}.runs .num{text-align:left}.runs .more small{display:inline;margin-left:6px}.rate .bar{display:none}.two{grid-template-columns:minmax(0,1fr)}}
@media(max-width:720px){.asks select{max-width:100%}.asks label{flex:1 1 40%}#trial{padding:2px 10px 14px}}
@media print{.view-top,.above,.asks,.picked button,.pager,.skip,.pick{display:none!important}main{max-width:none!important}.picked{position:static}}
`;
