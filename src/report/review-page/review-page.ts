import { sourceHash } from "../html/html-page.js";
import { REVIEW_SCRIPT } from "./review-script.js";
import { REVIEW_STYLE } from "./review-style.js";

/**
 * What the server sends as the page's content security policy: the style and the script that stand in it, by their hashes,
 * and requests to the server that it came from.
 */
export const REVIEW_POLICY = [
  "default-src 'none'",
  `style-src '${sourceHash(REVIEW_STYLE)}'`,
  `script-src '${sourceHash(REVIEW_SCRIPT)}'`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The page for labelling: the same for everybody; what it shows comes from the server that it came from. */
export const REVIEW_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>agentctl review</title>
<style>${REVIEW_STYLE}</style>
</head>
<body>
<a class="skip" href="#panel">Skip to the labels</a>
<header class="top"><div>
<h1>agentctl review <span id="rubric-name"></span></h1>
<p id="status" role="status"></p>
<div class="progress" id="progress" hidden><span id="count" role="status"></span><progress id="bar" max="1" value="0" aria-label="Progress"></progress></div>
<div class="who"><button id="sign-out" type="button" title="Change name" hidden><b id="who"></b> <span class="wide">· change</span></button>
<button id="help-button" type="button" aria-haspopup="dialog">Keys <kbd aria-hidden="true">?</kbd></button></div>
</div></header>
<main>
<noscript><p class="card">This page needs JavaScript. The same queue is in the terminal: <code>agentctl review</code>.</p></noscript>
<section class="card" id="sign-in" aria-labelledby="sign-in-title" hidden>
<h2 id="sign-in-title">Who labels?</h2>
<p>Your labels are kept under this name, with the time. <span id="blindness"></span></p>
<form id="sign-in-form">
<label for="name">Name</label>
<input id="name" type="text" name="name" autocomplete="nickname" maxlength="100" required aria-describedby="name-problem">
<p class="problem" id="name-problem" role="alert"></p>
<div class="check" id="sure-row" hidden><input id="sure" type="checkbox"><label for="sure">That is me, in another window</label></div>
<button class="main" type="submit">Start</button>
</form>
</section>
<section class="card" id="done" aria-labelledby="done-title" hidden>
<h2 id="done-title" tabindex="-1">All done</h2>
<p id="done-text"></p>
<div class="buttons"><button id="undo-done" type="button">Undo the last <kbd aria-hidden="true">u</kbd></button>
<button id="previous-done" type="button">Previous item <kbd aria-hidden="true">p</kbd></button>
<button id="next-done" type="button">Look for more <kbd aria-hidden="true">n</kbd></button></div>
</section>
<div class="others" id="warnings" role="region" aria-label="Warnings" hidden><ul id="warnings-list"></ul><button id="close-warnings" type="button">Understood</button></div>
<div id="work" hidden>
<section id="item" aria-labelledby="item-title">
<div class="head"><h2 id="item-title" tabindex="-1">Item</h2><span id="pills"></span>
<button id="previous" type="button">Previous</button><button id="next" type="button">Next</button></div>
<div id="parts"></div>
</section>
<section id="panel" aria-label="Label" tabindex="-1">
<details class="rubric" open><summary id="rubric-version">Rubric</summary><div class="text" id="rubric-text" data-name="Rubric"></div></details>
<div class="others" id="others" hidden><h3>What others said</h3><ul id="others-list"></ul></div>
<form id="label">
<fieldset><legend>Your label</legend><div id="choices"></div></fieldset>
<div class="comment"><label for="comment">Comment <kbd aria-hidden="true">c</kbd></label>
<textarea id="comment" rows="2" maxlength="10000" aria-describedby="comment-hint"></textarea>
<div class="alone"><small id="comment-hint">Saved with the label, or alone by Ctrl+Enter.</small><button id="save-comment" type="button">Save comment</button></div></div>
<div class="buttons">
<button class="main" type="submit">Save label</button>
<button id="skip" type="button">Skip <kbd aria-hidden="true">s</kbd></button>
<button id="flag" type="button" aria-pressed="false">Flag <kbd aria-hidden="true">g</kbd></button>
<button id="undo" type="button">Undo <kbd aria-hidden="true">u</kbd></button>
</div>
</form>
</section>
</div>
</main>
<p id="trouble" role="alert"></p>
<dialog id="help" aria-labelledby="help-title">
<h2 id="help-title">Keys</h2>
<p id="label-keys-row">A label's key saves it at once: <span id="label-keys"></span>.</p>
<dl>
<dt><kbd>s</kbd></dt><dd>skip this item</dd>
<dt><kbd>g</kbd> <kbd>f</kbd></dt><dd>flag it as broken or odd; <kbd>f</kbd> where it is no label</dd>
<dt><kbd>c</kbd></dt><dd>write a comment; <kbd>Ctrl</kbd>+<kbd>Enter</kbd> saves it alone, <kbd>Esc</kbd> leaves</dd>
<dt><kbd>u</kbd></dt><dd>undo what you did last</dd>
<dt><kbd>n</kbd> <kbd>p</kbd></dt><dd>next, previous; where they are no label</dd>
<dt><kbd>?</kbd></dt><dd>these keys</dd>
</dl>
<div class="check"><input id="keys-on" type="checkbox" checked><label for="keys-on">Single keys do something (turn off for speech input)</label></div>
<button class="main" id="close-help" type="button">Close</button>
</dialog>
<script>${REVIEW_SCRIPT}</script>
</body>
</html>
`;
