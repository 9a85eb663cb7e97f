import { CASE_LIST_SCRIPT } from "./case-list-script.js";
import { CASE_VIEW_SCRIPT } from "./case-view-script.js";
import { CHANGE_VIEW_SCRIPT } from "./change-view-script.js";
import { DOM_SCRIPT } from "./dom-script.js";
import { FILTER_SCRIPT } from "./filter-script.js";
import { PAGE_SCRIPT } from "./page-script.js";

/** The script of a report. It is text, not functions that are printed: bundlers rename and instrument functions. */
export const REPORT_SCRIPT = `"use strict";(() => {${DOM_SCRIPT}${CHANGE_VIEW_SCRIPT}${CASE_VIEW_SCRIPT}${CASE_LIST_SCRIPT}${FILTER_SCRIPT}${PAGE_SCRIPT}})();`;
