/** What a scorecard needs beside the style of all pages. */
export const READINESS_STYLE = `
main{max-width:960px}.banner p{margin:0}.tally{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:14px 0 0;padding:0;list-style:none}
.tally li{padding:10px 14px;border-radius:10px;background:var(--card);border:1px solid var(--line)}.tally a{display:block;font-weight:600;text-decoration:none}
.share{display:flex;height:8px;margin:7px 0 5px;border-radius:4px;overflow:hidden;background:var(--off-bg)}.share i{display:block}
.share .met{background:var(--good)}.share .gap{background:var(--bad)}.share .unknown{background:repeating-linear-gradient(135deg,var(--warn) 0 4px,transparent 4px 7px)}
h2 small{display:inline;margin-left:8px;font-weight:400}
.item{display:grid;grid-template-columns:92px minmax(0,1fr);gap:2px 14px;padding:12px 16px;margin:0 0 8px;background:var(--card);border:1px solid var(--line);border-radius:10px;break-inside:avoid}
.item h3{margin:0;text-transform:none;letter-spacing:0;font-size:15px;color:var(--ink)}.item p{margin:2px 0 6px;color:var(--soft);font-size:13px}
.item ul{margin:0;padding-left:18px}.item li{overflow-wrap:anywhere}.item code{color:var(--soft)}.item pre{margin:4px 0 0;max-height:none}
.fix{margin-top:8px}.fix b{font-size:12.5px;color:var(--soft)}.fix span{overflow-wrap:anywhere}
.pill{align-self:start}.pill.met{color:var(--good);background:var(--good-bg)}.pill.gap{color:var(--bad);background:var(--bad-bg)}.pill.unknown{color:var(--warn);background:var(--warn-bg)}
.skipped{margin:4px 0 0;color:var(--soft);font-size:13px}
@media(max-width:560px){.item{grid-template-columns:minmax(0,1fr)}}
@media print{body{background:#fff}main{padding:0}nav{display:none}.item,.banner,.tally li{break-inside:avoid}*{print-color-adjust:exact}}
${widths()}`;

/** Widths of the bars: a page whose policy allows no inline style needs a class for each. */
function widths(): string {
  return Array.from({ length: 21 }, (_, index) => `.w-${index * 5}{width:${index * 5}%}`).join("");
}
