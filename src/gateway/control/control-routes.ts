import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { StoreError } from "../../core/errors.js";
import { ALL_BPS, type Arm } from "../../core/traffic-split.js";
import type { ArmStatus, DataPlane } from "../parts.js";
import type { FileSplitKeeper, SplitView } from "../split/split-keeper.js";
import { ControlError } from "./control-error.js";
import { readJson } from "./json-call.js";

/** What the control API moves. */
export interface ControlParts {
  readonly dataPlane: DataPlane;
  readonly split: FileSplitKeeper;
  /** Whether a canary is configured. */
  readonly hasCanary: boolean;
}

/** What a call is answered with. */
interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type ControlCall = (request: IncomingMessage, parts: ControlParts) => Promise<ControlAnswer> | ControlAnswer;

const MOST_LEASE_MS = 3_600_000;
const DRAIN_MS = 30_000;

const splitBody = z.strictObject({
  bps: z.int().min(0).max(ALL_BPS),
  salt: z.string().max(256),
  /** Told in every event; the salt unless given, since that is of one release. */
  release: z.string().max(256).nullable().optional(),
});

const demoteBody = z.strictObject({
  stable: z.strictObject({ url: z.string().max(2048), model: z.string().max(256).nullable() }),
});

const leaseBody = z.strictObject({ ttl_ms: z.int().min(1).max(MOST_LEASE_MS) });

/** Calls of the control API by method and path. */
export const controlCalls: Readonly<Record<string, ControlCall>> = {
  "GET /v1/split": (_, { split }) => splitAnswer(split.view()),
  "PUT /v1/split": setSplit,
  "PUT /v1/lease": renewLease,
  "GET /v1/arms": (_, { dataPlane }) => ({
    status: 200,
    body: { arms: configuredArms(dataPlane), one_server: dataPlane.isOneServer() },
  }),
  "POST /v1/arms/stable/drain": (_, parts) => drain("stable", parts),
  "POST /v1/arms/canary/drain": (_, parts) => drain("canary", parts),
  "POST /v1/promote": promote,
  "POST /v1/demote": demote,
};

/** Without a canary that gateway.yaml does not name. */
export function configuredArms(dataPlane: DataPlane): readonly ArmStatus[] {
  return dataPlane.arms().filter(({ url }) => url !== "");
}

async function setSplit(request: IncomingMessage, parts: ControlParts): Promise<ControlAnswer> {
  const { bps, salt, release } = await readJson(request, splitBody);
  if (bps > 0 && !parts.hasCanary) throw noCanary();
  if (bps > 0 && parts.dataPlane.isOneServer()) throw oneServer();
  const ifVersion = versionIn(request.headers["if-match"]);
  const target = { bps, salt, release: release ?? (bps === 0 ? null : salt) };
  const isSet = savedOrRefused(() => parts.split.set(ifVersion === null ? target : { ...target, ifVersion }));
  if (isSet === null) throw versionConflict(parts);
  for (const arm of ["stable", "canary"] as const) parts.dataPlane.fill(arm);
  return splitAnswer(parts.split.view());
}

async function renewLease(request: IncomingMessage, { split }: ControlParts): Promise<ControlAnswer> {
  const { ttl_ms } = await readJson(request, leaseBody);
  split.renewLease(ttl_ms);
  return splitAnswer(split.view());
}

async function drain(arm: Arm, { dataPlane }: ControlParts): Promise<ControlAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS, false);
  });
  const isDrained = await Promise.race([dataPlane.drain(arm).then(() => true), tooLong]);
  clearTimeout(timer);
  if (!isDrained) {
    throw new ControlError(
      503,
      "still_draining",
      `the ${arm} arm gets no new requests, and some are still under way after ${DRAIN_MS / 1000} s`,
      "call again to wait for them",
    );
  }
  return { status: 200, body: { arm, drained: true } };
}

/**
 * The address first: between the two, all conversations go to the canary's address, by either arm. With a version, only
 * while that split is in force: a controller that was stopped in the middle must not promote what was rolled back since.
 */
function promote(request: IncomingMessage, parts: ControlParts): ControlAnswer {
  if (!parts.hasCanary) throw noCanary();
  const ifVersion = versionIn(request.headers["if-match"]);
  if (ifVersion !== null && ifVersion !== parts.split.read().version) throw versionConflict(parts);
  savedOrRefused(() => parts.dataPlane.promote());
  const { salt } = parts.split.read();
  parts.split.set({ bps: 0, salt, release: null });
  return splitAnswer(parts.split.view());
}

/** The way back from a promotion. Who asks names the server that is to take over: the file may have been edited since. */
async function demote(request: IncomingMessage, { dataPlane, split }: ControlParts): Promise<ControlAnswer> {
  const { stable } = await readJson(request, demoteBody);
  try {
    if (!dataPlane.demote(stable)) throw otherStable(stable.url);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new ControlError(
      503,
      "not_saved",
      "stable has its old server again, but the state folder cannot be written: a restart would undo it",
      "make room on the disk of the gateway, see that it may write there, and try again",
    );
  }
  return splitAnswer(split.view());
}

function otherStable(url: string): ControlError {
  return new ControlError(
    409,
    "other_stable",
    `${url} is not what gateway.yaml names as \`arms.stable\`, so nothing was changed`,
    `make it \`arms.stable\` of gateway.yaml and restart the gateway`,
  );
}

function versionConflict({ split }: ControlParts): ControlError {
  const { effectiveBps, version } = split.view();
  return new ControlError(
    412,
    "version_conflict",
    `the split was changed by somebody else: ${effectiveBps} bp of version ${version} now`,
    "read it with GET /v1/split and decide again",
  );
}

function savedOrRefused<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new ControlError(
      503,
      "not_saved",
      "nothing was changed: the state folder cannot be written",
      "make room on the disk of the gateway and try again; a lower share needs no disk",
    );
  }
}

function splitAnswer(view: SplitView): ControlAnswer {
  const { bps, effectiveBps, salt, release, version, leaseLeftMs, isSaved } = view;
  const lease = leaseLeftMs === null ? null : { left_ms: Math.round(leaseLeftMs) };
  return {
    status: 200,
    body: { bps, effective_bps: effectiveBps, salt, release, version, lease, saved: isSaved },
    headers: { etag: `"${version}"` },
  };
}

/** `If-Match: "version"`; `null` when there is none, or `*`. */
function versionIn(header: string | undefined): string | null {
  if (header === undefined || header.trim() === "*") return null;
  return header.trim().replace(/^"(.*)"$/, "$1");
}

function oneServer(): ControlError {
  return new ControlError(
    409,
    "one_server",
    "both arms are the same server, so a share of the canary would be everybody's",
    "name the new version's address as `arms.canary` of gateway.yaml, after a promotion the promoted one as `arms.stable`, and restart the gateway",
  );
}

function noCanary(): ControlError {
  return new ControlError(
    409,
    "no_canary",
    "gateway.yaml has no canary arm",
    "add `arms.canary` to it and restart the gateway",
  );
}
