import { parse } from "csv-parse/sync";
import type { Arm } from "../../../core/traffic-split.js";
import type { ArmCounts } from "../router.js";

/** Name of the server in the canary's backend that is the stable one: it takes what the canary cannot. */
export const FALLBACK_SERVER = "fallback";

type Row = { readonly [column: string]: string | undefined };

/** Rows of `show stat`, by the names of its header: versions of HAProxy have other columns. */
export function parseShowStat(answer: string): readonly Row[] {
  if (!answer.startsWith("# pxname,svname,")) return [];
  return parse(answer.slice(2), { columns: true, relax_column_count: true, skip_empty_lines: true });
}

/** Servers of an arm, without the fallback. */
export function serversOf(rows: readonly Row[], backend: string): readonly Row[] {
  return rows.filter(
    (row) =>
      row.pxname === backend && !["FRONTEND", "BACKEND", FALLBACK_SERVER].includes(row.svname ?? "FRONTEND"),
  );
}

/** @returns `null` when there is no such backend, or no server in it */
export function armCounts(rows: readonly Row[], backend: string, arm: Arm): ArmCounts | null {
  const servers = serversOf(rows, backend);
  if (servers.length === 0) return null;
  const sum = (column: string) => servers.reduce((total, row) => total + Number(row[column] || 0), 0);
  const fallback = rows.find((row) => row.pxname === backend && row.svname === FALLBACK_SERVER);
  return {
    arm,
    isUp: servers.some((row) => /^(UP|no check)/.test(row.status ?? "")),
    // Of a server `req_tot` is empty.
    requests: sum("stot"),
    errors: sum("econ") + sum("eresp") + sum("hrsp_5xx"),
    redispatched: fallback === undefined ? sum("wredis") : Number(fallback.stot || 0),
  };
}
