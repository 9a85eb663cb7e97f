/** What a comparison needs beside the style of the run report. */
export const COMPARISON_STYLE = `
main{max-width:1180px}.banner{grid-template-columns:minmax(200px,2fr) 3fr;align-items:start;margin:10px 0 0}.banner p{font-size:15px;margin:0 0 5px}.banner .design{color:var(--soft);font-size:13.5px}
.wide{overflow-x:auto}.wide table{min-width:760px}
.compared td,.compared th{padding:5px 9px}.compared td.change{min-width:200px;font-variant-numeric:tabular-nums}.compared td.name{min-width:200px;max-width:320px}.compared td.name ul{margin:4px 0 0;padding-left:16px;color:var(--soft);font-size:12.5px}.compared .name summary{list-style:none;text-decoration:underline dotted var(--soft);text-underline-offset:3px}.compared .primary code{font-weight:700}
.compared .how{color:var(--soft);font-size:12.5px;max-width:220px}
.pill.better{color:var(--good);background:var(--good-bg)}.pill.worse{color:var(--bad);background:var(--bad-bg)}.pill.unknown{color:var(--warn);background:var(--warn-bg)}
.matrix th[scope=row]{color:var(--soft);font-weight:400;white-space:nowrap}.matrix td{font-family:var(--mono);font-size:12.5px;overflow-wrap:anywhere}
.reading{grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}.reading dd{font-family:inherit;font-size:14px}
.changed>summary{display:grid;grid-template-columns:70px minmax(0,1fr) auto;gap:2px 12px;align-items:center;padding:8px 14px;list-style:none}.changed>summary::-webkit-details-marker{display:none}
.changed .what{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.changed .side{max-width:420px;white-space:normal}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:10px 18px;margin-top:10px}.sides>div{min-width:0}
.sides h4{margin:0 0 5px;font-size:13px}.sides p{margin:0 0 6px;white-space:pre-wrap;overflow-wrap:anywhere}.sides .facts{color:var(--soft);font-size:13px}
.sides ul{margin:0 0 6px;padding:7px 10px 7px 26px;border-radius:8px;background:var(--bad-bg);overflow-wrap:anywhere}
.asked-text{margin:8px 0 0;padding:8px 12px;border-radius:8px;background:var(--off-bg);white-space:pre-wrap;overflow-wrap:anywhere}
@media(max-width:720px){.changed .what{white-space:normal;overflow-wrap:anywhere}.banner{grid-template-columns:minmax(0,1fr)}.changed>summary{grid-template-columns:auto minmax(0,1fr)}.sides{grid-template-columns:minmax(0,1fr)}}
@media print{.changed{break-inside:avoid}}
`;
