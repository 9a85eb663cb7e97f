import { contentHash } from "../../core/hash.js";
import type { CanaryExport, CanaryHistory } from "../../report/schemas/canary-command.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import type { OpenService } from "./open-service.js";
import { chosenRelease } from "./open-service.js";
import { releaseDocument, rowDocument } from "./release-documents.js";

/** Every release of a service with every row, or those of one. */
export function releaseHistory(service: OpenService, id: string | undefined): CanaryHistory {
  const { journal, config } = service;
  return {
    service: config.service,
    releases: releasesOf(service, id).map((release) => ({
      ...releaseDocument(release),
      rows: journal.rows(release.id).map(rowDocument),
    })),
  };
}

/** The history with plans and evidence; whatever does not have the hash that it is named by is told. */
export function exportReleases(service: OpenService, id: string | undefined): CanaryExport {
  const { journal, config } = service;
  const releases = releasesOf(service, id);
  const problems: string[] = [];
  const evidence: CanaryExport["evidence"] = {};
  for (const release of releases) {
    problems.push(...planProblems(release));
    for (const { hash, place } of restsOn(release, journal)) {
      if (hash in evidence) continue;
      const content = journal.evidence(hash);
      if (content === null) problems.push(`${place}: expected evidence ${hash}, found none in the journal`);
      else evidence[hash] = plainJson(content);
    }
  }
  for (const [hash, content] of Object.entries(evidence)) {
    const found = contentHash(content);
    if (found !== hash) problems.push(`evidence ${hash}: expected content of that hash, found ${found}`);
  }
  return {
    service: config.service,
    releases: releases.map((release) => ({
      ...releaseDocument(release),
      plan: plainJson(release.plan),
      rows: journal.rows(release.id).map(rowDocument),
    })),
    evidence,
    problems,
  };
}

function releasesOf(service: OpenService, id: string | undefined): readonly ReleaseRecord[] {
  return id === undefined
    ? service.journal.list({ service: service.config.service })
    : [chosenRelease(service, id)];
}

function planProblems({ id, plan, planHash }: ReleaseRecord): string[] {
  const found = contentHash(plan);
  const { agentVersion } = plan.gate;
  return [
    ...(found === planHash ? [] : [`release ${id}: expected a plan of hash ${planHash}, found ${found}`]),
    ...(agentVersion === plan.canary.agentVersion
      ? []
      : [
          `release ${id}: expected a gate report of ${plan.canary.agentVersion}, found one of ${agentVersion}`,
        ]),
  ];
}

function restsOn(
  release: ReleaseRecord,
  journal: ReleaseJournal,
): readonly { readonly hash: string; readonly place: string }[] {
  return [
    { hash: release.plan.gate.reportHash, place: `release ${release.id}, gate report` },
    ...journal
      .rows(release.id)
      .flatMap(({ seq, evidenceHash }) =>
        evidenceHash === null ? [] : [{ hash: evidenceHash, place: `release ${release.id}, row ${seq}` }],
      ),
  ];
}

/** A value that JSON holds, as the schemas of documents type it. */
function plainJson<Value>(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
