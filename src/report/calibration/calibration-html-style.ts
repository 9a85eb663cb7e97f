/** What a calibration needs beside the style of the run report. */
export const CALIBRATION_STYLE = `
main{max-width:1040px}.banner{grid-template-columns:minmax(200px,auto) 1fr}.banner p{margin:0;overflow-wrap:anywhere}
.banner.calibrated{background:var(--good-bg);border-color:var(--good)}.banner.calibrated h1{color:var(--good)}
.banner.unusable{background:var(--bad-bg);border-color:var(--bad)}.banner.unusable h1{color:var(--bad)}
.banner.advisory{background:var(--warn-bg);border-color:var(--warn)}.banner.advisory h1{color:var(--warn)}
.banner small{color:inherit;margin-top:4px}
.facts th[scope=row]{width:130px;color:var(--soft);font-weight:400}.facts td{overflow-wrap:anywhere}.facts tr:first-child>*{border-top:0}
.wide{overflow-x:auto}.heat{width:auto;min-width:260px}.heat th,.heat td{padding:9px 16px;overflow-wrap:anywhere}.heat thead th{border-top:0}
.heat td{text-align:right;font-variant-numeric:tabular-nums;border-left:1px solid var(--line)}.heat th.num{max-width:140px;white-space:normal}.heat td.same{font-weight:650}
.heat .total{color:var(--soft);background:none}.heat-name{font-weight:400;color:var(--soft)}
${shades("same", "--good")}${shades("other", "--bad")}
.plot .bias-bar{fill:var(--run-1);opacity:.75}
.differ{margin:0 0 10px;padding:12px 16px;background:var(--card);border:1px solid var(--line);border-radius:10px;break-inside:avoid}
.differ h3{margin:0 0 6px;text-transform:none;letter-spacing:0;font:600 13.5px var(--mono);color:var(--ink);overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:8px 20px;margin-top:8px}.sides>div{min-width:0}
.sides h4{margin:0 0 3px;font-size:13px;color:var(--soft);font-weight:600}.sides p,.asked{margin:0 0 6px;white-space:pre-wrap;overflow-wrap:anywhere}
.asked{padding:7px 11px;border-radius:8px;background:var(--off-bg)}.differ .text{max-height:220px;overflow:auto}
@media(max-width:720px){.banner{grid-template-columns:minmax(0,1fr)}.sides{grid-template-columns:minmax(0,1fr)}.facts th[scope=row]{width:90px}.heat th,.heat td{padding:7px 9px}}
`;

/** Shades of the heat map: a page whose policy allows no inline style needs a class for each. */
function shades(name: string, color: string): string {
  return Array.from(
    { length: 10 },
    (_, index) =>
      `.heat .${name}.heat-${index + 1}{background:color-mix(in srgb,var(${color}) ${(index + 1) * 4}%,var(--card))}`,
  ).join("");
}
