/** Style sheet of the page for labelling. Colours never stand alone: each comes with a word. */
export const REVIEW_STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#566170;--line:#d9dee5;--edge:#7b8694;--accent:#2457d6;--on-accent:#fff;
--tint:#e9effc;--fill:#eef1f5;--good:#14713d;--good-bg:#e3f4ea;--bad:#a9231b;--bad-bg:#fdeceb;--warn:#7a4f00;--warn-bg:#fdf3dc;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media(prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#182029;--ink:#e7ecf2;--soft:#a3afbd;--line:#2c3744;--edge:#748191;--accent:#8ab0ff;--on-accent:#0c1626;
--tint:#1d2b45;--fill:#212b36;--good:#7fdca4;--good-bg:#12331f;--bad:#ff9d95;--bad-bg:#431b19;--warn:#f4c96b;--warn-bg:#3a2c0b}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{overflow-y:scroll;scroll-padding-top:62px}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2,h3,p,ul,ol,dl,dd,fieldset,legend{margin:0;padding:0}
h1{font-size:16px;line-height:1.3;letter-spacing:-.01em}
h2{font-size:17px;line-height:1.35}
h3{font-size:12.5px;letter-spacing:.03em;color:var(--soft)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:6px}
h2:focus{outline:0}
h2 code{font:600 15px var(--mono);overflow-wrap:anywhere}
.skip{position:absolute;left:12px;top:-80px;z-index:5;padding:8px 14px;background:var(--accent);color:var(--on-accent);border-radius:8px}
.skip:focus{top:10px}
.hint,small{color:var(--soft);font-size:13px}
kbd{display:inline-block;min-width:22px;padding:0 5px;border:1px solid var(--edge);border-radius:5px;background:var(--card);color:var(--ink);font:12.5px/20px var(--mono);text-align:center}
button,input,textarea{font:inherit;color:inherit}
button{min-height:36px;padding:5px 12px;border:1px solid var(--edge);border-radius:8px;background:var(--card);cursor:pointer}
button:hover{background:var(--fill)}
button.main{border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-weight:600}
button.main:hover{filter:brightness(1.08)}
button.main kbd{border-color:currentColor;background:none;color:inherit}
button[aria-pressed=true]{background:var(--warn-bg);border-color:var(--warn);color:var(--warn)}
button:disabled{opacity:.55;cursor:default}
input[type=text],textarea{width:100%;padding:8px 10px;border:1px solid var(--edge);border-radius:8px;background:var(--card)}
.top{position:sticky;top:0;z-index:3;background:var(--card);border-bottom:1px solid var(--line)}
.top>div{display:grid;grid-template-columns:auto minmax(0,1fr) auto auto;gap:4px 20px;min-height:52px;align-items:center;max-width:1440px;margin:0 auto;padding:7px 20px}
.top h1{overflow-wrap:anywhere}.top h1 span{color:var(--soft);font-weight:400}
.progress{display:grid;grid-template-columns:auto 180px;gap:0 12px;align-items:center;font-variant-numeric:tabular-nums;white-space:nowrap}
progress{width:100%;height:10px;accent-color:var(--accent)}
.who{display:flex;grid-column:4;gap:8px;align-items:center;min-height:36px}
#sign-out{display:flex;gap:6px;align-items:center}#sign-out b{max-width:180px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
#status{min-height:22px;overflow:hidden;color:var(--soft);font-size:13.5px;text-overflow:ellipsis;white-space:nowrap}
#trouble{position:fixed;inset:auto 0 0;z-index:4;padding:10px 20px;border-top:2px solid var(--bad);background:var(--bad-bg);color:var(--bad);font-weight:600;text-align:center}
#trouble:empty{display:none}
body:has(#trouble:not(:empty)) #panel{max-height:calc(100vh - 122px)}
main{max-width:1440px;margin:0 auto;padding:12px 20px 100px}
#work{display:grid;grid-template-columns:minmax(0,1fr) minmax(320px,390px);gap:22px;align-items:start}
#panel{position:sticky;top:62px;scroll-padding-bottom:112px;max-height:calc(100vh - 72px);overflow:auto;padding:14px 16px 0;background:var(--card);border:1px solid var(--line);border-radius:12px}
.head{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;min-height:38px;margin-bottom:10px}
.head h2{margin-right:auto;overflow-wrap:anywhere}
.pill{padding:1px 10px;border-radius:99px;font-size:12.5px;font-weight:600;background:var(--fill);color:var(--soft)}
.pill.flag{background:var(--warn-bg);color:var(--warn)}.pill.done{background:var(--good-bg);color:var(--good)}
.part{margin-bottom:12px;padding:12px 16px 14px;background:var(--card);border:1px solid var(--line);border-radius:12px}
.part>h3{margin-bottom:8px}
.part.answer{border-color:var(--accent);box-shadow:inset 4px 0 0 var(--accent)}
details.part>summary{cursor:pointer}
details.part>summary h3{display:inline}
details.part[open]>summary{margin-bottom:8px}
.text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
.none{color:var(--soft);font-style:italic}
.turn{width:fit-content;max-width:88%;margin:0 0 8px;padding:7px 12px 8px;border-radius:10px;background:var(--fill)}
.turn.agent{margin-left:auto;background:var(--tint)}
.turn b{display:block;color:var(--soft);font-size:12px;font-weight:600}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:12px}
.entry{padding:9px 0 8px;border-top:1px solid var(--line)}
.entry:first-of-type{border-top:0;padding-top:0}
.entry h4{margin:0 0 4px;font-size:14px;overflow-wrap:anywhere}
.entry h4 code{font-family:var(--mono);font-size:13px}
.entry h4 .id{color:var(--soft);font-weight:400}
pre{max-height:300px;margin:0 0 8px;padding:8px 11px;overflow:auto;border-radius:8px;background:var(--fill);font:13px/1.5 var(--mono);white-space:pre;tab-size:2}
pre.bad{box-shadow:inset 3px 0 0 var(--bad)}
.scroll{max-height:340px;overflow:auto}
.bad-word{color:var(--bad);font-weight:600}
.rubric{margin-bottom:10px}.rubric summary{cursor:pointer;font-weight:600}
.rubric .text{max-height:21vh;margin-top:6px;overflow:auto;font-size:14px}
.few .rubric .text{max-height:40vh}
fieldset{min-width:0;border:0}
legend{margin-bottom:6px;font-weight:600}
.choice{display:grid;grid-template-columns:20px minmax(0,1fr) auto;gap:9px;align-items:start;margin-bottom:5px;padding:6px 10px;border:1px solid var(--edge);border-radius:9px;cursor:pointer}
.choice:hover{background:var(--fill)}
.choice:has(input:checked){border-color:var(--accent);background:var(--tint);box-shadow:inset 0 0 0 1px var(--accent)}
.choice:has(:focus-visible){outline:3px solid var(--accent);outline-offset:2px}
.choice input{width:18px;height:18px;margin:3px 0 0;accent-color:var(--accent);outline:0}
.choice span{line-height:1.4;overflow-wrap:anywhere}.choice b{margin-right:3px}
.comment{margin:10px 0}.comment label{display:block;margin-bottom:4px;font-weight:600}
textarea{display:block;min-height:60px;resize:vertical}
.alone{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:10px;align-items:center;margin-top:6px}.alone small{line-height:1.35}
.buttons{display:flex;flex-wrap:wrap;gap:8px}
#label .buttons{position:sticky;bottom:0;padding:8px 0 14px;background:var(--card)}
.buttons .main{flex:1 1 100%}.buttons button:not(.main){flex:1 1 auto}
.others{margin:0 0 12px;overflow-wrap:anywhere;padding:10px 12px;border-radius:9px;background:var(--warn-bg)}
.others h3{margin-bottom:4px;color:var(--warn)}.others ul{list-style:none}.others button{margin-top:8px}
.card{max-width:560px;margin:40px auto;padding:24px 26px;background:var(--card);border:1px solid var(--line);border-radius:14px}
.card h2{margin-bottom:8px;font-size:21px}.card p{margin-bottom:12px;overflow-wrap:anywhere}
.card label{display:block;margin-bottom:4px;font-weight:600}.card input{margin-bottom:6px}.card .problem{min-height:24px;color:var(--bad);font-weight:600}
.card code{font-family:var(--mono);font-size:13.5px}
dialog{width:min(520px,calc(100vw - 28px));max-height:calc(100vh - 40px);padding:20px 24px;border:1px solid var(--edge);border-radius:14px;background:var(--card);color:var(--ink)}
dialog::backdrop{background:rgb(0 0 0/.5)}
dialog dl{display:grid;grid-template-columns:auto 1fr;gap:6px 16px;margin:12px 0 14px}dialog dt{display:flex;gap:4px;align-items:flex-start;justify-content:flex-end}
.check{display:flex;gap:9px;align-items:flex-start;margin:0 0 14px}.check input{width:18px;height:18px;margin:3px 0 0;accent-color:var(--accent)}
@media(max-width:980px){
#work{grid-template-columns:minmax(0,1fr);gap:12px}#panel,body:has(#trouble:not(:empty)) #panel{position:static;max-height:none}.rubric .text,.few .rubric .text{max-height:none}}
@media(max-width:640px){
html{scroll-padding-top:112px}main{padding:10px 10px 100px}.top>div{grid-template-columns:minmax(0,1fr) auto;padding:6px 10px;gap:2px 10px}
.progress{grid-column:1/-1;grid-row:2;grid-template-columns:auto minmax(0,1fr)}#status{grid-column:1/-1;grid-row:3;font-size:13px}.who{grid-column:2;grid-row:1}#sign-out b{max-width:96px}.wide,.who kbd{display:none}
.pair{grid-template-columns:minmax(0,1fr)}.part{padding:10px 12px 12px}.turn{max-width:94%}.card{margin:14px 0;padding:18px 16px}}
@media(hover:none){.buttons kbd,.comment kbd{display:none}}
@media(prefers-reduced-motion:no-preference){.choice,button{transition:background-color .1s}}
`;
