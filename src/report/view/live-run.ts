import type { RunHeader } from "../../core/run.js";
import { escapeHtml } from "../escape-html.js";

/** How far a run is. */
export interface RunProgress {
  readonly status: RunHeader["status"];
  readonly trials: number;
  readonly planned: number;
}

/** Says that a run still goes on; the script keeps it up to date. */
export function liveNotice({ trials, planned }: RunProgress): string {
  return `<p class="live" id="live" role="status" data-trials="${trials}"><span id="live-text">${escapeHtml(progressText(trials, planned))}</span> <progress id="live-bar" max="${Math.max(1, planned)}" value="${trials}" aria-label="Trials stored"></progress> <a href="" id="live-link">Show the newest</a></p>`;
}

function progressText(trials: number, planned: number): string {
  return `This run is going on: ${trials} of ${planned} trials are stored.`;
}

/** Follows a run that goes on, until it ends. What is read below stays where it is; the reader asks for the newest. */
export const LIVE_SCRIPT = `"use strict";(() => {
const live = document.getElementById("live");
const says = document.getElementById("live-text");
async function follow() {
  try {
    const response = document.hidden ? null : await fetch(location.pathname + "?part=progress");
    if (response !== null && response.ok) {
      const { status, trials, planned } = await response.json();
      document.getElementById("live-bar").value = trials;
      if (status !== "running") {
        says.textContent = "This run has ended (" + status.replaceAll("_", " ") + ").";
        document.getElementById("live-link").textContent = "Show all of it";
        return;
      }
      const words = "This run is going on: " + trials + " of " + planned + " trials are stored.";
      if (says.textContent !== words) says.textContent = words;
    }
  } catch { says.textContent = "The server does not answer."; }
  setTimeout(follow, 1500);
}
live.dataset.ready = "true";
setTimeout(follow, 1500);
})();`;
