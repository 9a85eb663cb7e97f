import { reportParts } from "../../report/html/html-report.js";
import { PAGE_LIMITS } from "../../report/html/page-data.js";
import { runningHint } from "../../report/running-hint.js";
import { LIVE_SCRIPT, liveNotice, type RunProgress } from "../../report/view/live-run.js";
import { type RunRow, runRow } from "../../report/view/run-row.js";
import { type RunsList, runsPage, runsUpdate } from "../../report/view/runs-page.js";
import { runPath } from "../../report/view/view-links.js";
import type { RunSummary } from "../../store/store.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { buildReport, traceLoader } from "../run/build-report.js";
import { storedCases } from "../run/report-stored-run.js";
import { readableGates } from "./run-standings.js";
import {
  NothingThere,
  pageOf,
  type ViewReply,
  type ViewRequest,
  type ViewSite,
  withRun,
} from "./view-site.js";

const PER_PAGE = 50;
/** The server has every trace: none stands in the page. */
const SERVED_LIMITS = { ...PAGE_LIMITS, traceCharacters: 0, traceCharactersPerCase: 0, passingTraces: 0 };

/** `/`: the list of runs; with `part=rows` what its script puts in. */
export function viewRuns(site: ViewSite, { query }: ViewRequest): ViewReply {
  const list = runsList(site, query);
  return query.get("part") === "rows" ? { data: runsUpdate(list) } : { page: runsPage(list) };
}

function runsList({ store, catalogue, standings }: ViewSite, asked: URLSearchParams): RunsList {
  const [suite, tag, q] = [asked.get("suite") ?? "", asked.get("tag") ?? "", (asked.get("q") ?? "").trim()];
  const page = pageOf(asked);
  const filter = {
    ...(suite === "" ? {} : { suite }),
    ...(tag === "" ? {} : { tag }),
    ...(q === "" ? {} : { text: q }),
  };
  const runs = store.listRuns({ ...filter, limit: PER_PAGE, offset: (page - 1) * PER_PAGE });
  return {
    query: { suite, tag, q, page },
    rows: runs.map((run): RunRow => {
      const { standing, isOld } = standings.known(run);
      return runRow(run, standing, isOld);
    }),
    total: catalogue.count(filter),
    perPage: PER_PAGE,
    suites: catalogue.suites(),
    tags: catalogue.tags(),
    hint: runningHint(runs),
  };
}

/** `/runs/ID`: its report; with `part=row` its row of the list, with `part=progress` how far it is. */
export function viewRun(site: ViewSite, { names: [reference = ""], query }: ViewRequest): ViewReply {
  return withRun(site, reference, (run): ViewReply => {
    if (run.id !== reference) return { location: runPath(run.id) };
    const part = query.get("part");
    if (part === "row") {
      const summary = summaryOf(site, run.id);
      return { data: runRow(summary, site.standings.of(summary), false) };
    }
    if (part === "progress") return { data: progressOf(summaryOf(site, run.id)) };
    const { store, project, workingDirectory, clock } = site;
    const { gates, problem } = readableGates(project, run, workingDirectory);
    const cases = storedCases(store, run.plan);
    const built = buildReport(store, run, cases, gates, judgeStandings(project, run, clock));
    const report =
      problem === null ? built : { ...built, run: { ...built.run, notes: [...built.run.notes, problem] } };
    const parts = reportParts(report, traceLoader(store, run.id), SERVED_LIMITS, runPath(run.id));
    const isRunning = run.status === "running";
    return {
      page: {
        ...parts,
        title: `${parts.title} · agentctl view`,
        place: "runs",
        above: [{ path: "/", text: "Runs" }],
        script: isRunning ? `${parts.script ?? ""}\n${LIVE_SCRIPT}` : parts.script,
        main: isRunning ? [liveNotice(progressOf(summaryOf(site, run.id))), ...parts.main] : parts.main,
      },
    };
  });
}

function summaryOf({ store }: ViewSite, id: string): RunSummary {
  const [found] = store.listRuns({ id, limit: 1 });
  if (found === undefined) throw new NothingThere(`Run ${id} was deleted meanwhile.`);
  return found;
}

function progressOf({ status, trials, planned }: RunSummary): RunProgress {
  return { status, trials, planned };
}
