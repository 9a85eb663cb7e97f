/** Style of all plots. Runs differ by shape and dash as well as by colour, so that print and colour blindness keep them apart. */
export const PLOT_STYLE = `
:root{--run-0:#3f4b5a;--run-1:#1f5fd0;--run-2:#b45309;--run-3:#7c3aed;--run-4:#0f766e}
@media(prefers-color-scheme:dark){:root{--run-0:#c3ccd6;--run-1:#8ab0ff;--run-2:#f0a75e;--run-3:#c4a5ff;--run-4:#5fd0c0}}
.figure{margin:8px 0 18px;padding:12px 14px;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow-x:auto;break-inside:avoid}
.figure h3{margin:0 0 2px;font-size:14px;text-transform:none;letter-spacing:0;color:var(--ink)}.figure p{margin:0 0 8px;color:var(--soft);font-size:13px}
.plot{display:block;width:100%;min-width:680px;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.plot text{fill:var(--ink)}.plot .tick-label,.plot .side,.plot .axis-label{fill:var(--soft);font-size:12.5px}.plot .row-note{font-size:12.5px;font-variant-numeric:tabular-nums}
.plot .row-label,.plot .point-label{font-family:var(--mono);font-size:12.5px}.plot .point-label{paint-order:stroke;stroke:var(--card);stroke-width:4px}
.plot .grid{stroke:var(--line)}.plot .zero{stroke:var(--soft);stroke-width:1.5}.plot .guide{stroke:var(--soft);stroke-dasharray:2 4}
.plot .limits{stroke:var(--off);stroke-width:2}.plot .limits.worse{stroke:var(--bad)}.plot .limits.better{stroke:var(--good)}
.plot .point{fill:var(--off)}.plot .point.worse,.plot .row-note.worse{fill:var(--bad)}.plot .point.better,.plot .row-note.better{fill:var(--good)}.plot .row-note.worse,.plot .row-note.better{font-weight:600}
.curve{fill:none;stroke-width:2.2;stroke:var(--run-0)}.curve.run-1{stroke:var(--run-1);stroke-dasharray:8 4}.curve.run-2{stroke:var(--run-2);stroke-dasharray:2 3}.curve.run-3{stroke:var(--run-3);stroke-dasharray:12 4 2 4}.curve.run-4{stroke:var(--run-4);stroke-dasharray:5 2}
.mark{fill:var(--run-0);stroke:var(--card);stroke-width:1.2}.mark.run-1{fill:var(--run-1)}.mark.run-2{fill:var(--run-2)}.mark.run-3{fill:var(--run-3)}.mark.run-4{fill:var(--run-4)}
.error-bar{stroke:var(--run-0);stroke-width:2;opacity:.7}.error-bar.run-1{stroke:var(--run-1)}.error-bar.run-2{stroke:var(--run-2)}.error-bar.run-3{stroke:var(--run-3)}.error-bar.run-4{stroke:var(--run-4)}
.gate-line{stroke:var(--warn);stroke-width:1.6;stroke-dasharray:7 4}.plot .gate-label{fill:var(--warn);font-size:12.5px}.version{stroke:var(--soft);stroke-dasharray:2 3}.plot .version-label{fill:var(--soft);font-family:var(--mono);font-size:11.5px}.plot .gap{fill:var(--soft);font-size:11.5px}
.trend-line{fill:none;stroke:var(--run-1);stroke-width:2}
.keys{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0 0 6px;padding:0;list-style:none;font-size:13px}.keys li{display:flex;align-items:center;gap:7px;min-width:0;overflow-wrap:anywhere}.keys svg{flex:none;width:42px;height:14px}
@media print{.plot{min-width:0}}
`;
