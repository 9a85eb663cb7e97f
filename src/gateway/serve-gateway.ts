import { dirname, join, resolve } from "node:path";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import type { Clock } from "../core/clock.js";
import { listPricer } from "../models/price.js";
import { openDoorkeeper, openKeysDoorkeeper } from "./access/doorkeeper.js";
import { CaptureLog } from "./capture/capture-log.js";
import { configuredArms } from "./control/control-routes.js";
import { type ControlServer, startControlServer } from "./control/control-server.js";
import { feedbackRoutes } from "./feedback/feedback-routes.js";
import type { GatewayState } from "./observe/metrics-page.js";
import { observationRoutes } from "./observe/observation.js";
import { TrafficLog } from "./observe/traffic-log.js";
import type { DataPlane, Doorkeeper } from "./parts.js";
import { describeIncident } from "./split/describe-incident.js";
import { FileSplitKeeper } from "./split/split-keeper.js";
import { type Gateway, type GatewayCounts, type GatewaySecrets, startGateway } from "./start-gateway.js";

export interface ServeGatewayOptions {
  readonly config: GatewayConfig;
  /** Path of gateway.yaml: other paths start in its folder. */
  readonly file: string;
  readonly secrets: GatewaySecrets;
  readonly clock: Clock;
  /** Told what whoever runs the gateway should know, a sentence each; never an id, a key or a text. */
  readonly onNotice: (text: string) => void;
}

/** A gateway with its control API, its event log and its figures. */
export interface RunningGateway {
  /** Where clients send their requests. */
  readonly origin: string;
  /** Where the control API listens, `unix:PATH` or a URL; `null`: there is none. */
  readonly control: string | null;
  /** Folder of the event log. */
  readonly events: string;
  /**
   * Takes no new requests, lets those under way end, then writes every event.
   *
   * @param graceMs - how long requests under way may take
   */
  close(graceMs: number): Promise<void>;
}

const NOTHING_YET: GatewayCounts = { requests: 0, withoutId: 0, shadowed: 0, shadowsDropped: 0 };

/** Tenant of requests where nobody is asked for a key. */
const ONLY_TENANT = "default";

/**
 * Starts data plane and control plane.
 *
 * @throws {ConfigError} when the keys file cannot be read
 * @throws {StoreError} when the file of the split cannot be read
 * @throws {UsageError} when an address is taken
 */
export async function serveGateway(options: ServeGatewayOptions): Promise<RunningGateway> {
  const { config, clock, onNotice } = options;
  const doorkeeper = await doorkeeperOf(options);
  const split = new FileSplitKeeper({
    file: join(inFolder(options, config.state), "split.json"),
    clock,
    graceMs: config.lease.required ? config.lease.grace : null,
    onIncident: (incident) => onNotice(describeIncident(incident)),
  });
  const { service, otlp } = config;
  const events = inFolder(options, config.events);
  const log = new TrafficLog({ folder: events, service, otlp, clock, onNotice });
  const capture = captureOf(options);
  const closeLast = async () => {
    split.close();
    await capture?.close();
    await log.close();
  };
  try {
    const { gateway, control } = await listen(options, { doorkeeper, split, log, capture });
    return {
      origin: gateway.origin,
      control: control?.place ?? null,
      events,
      close: async (graceMs) => {
        await gateway.close(graceMs);
        await control?.close();
        await closeLast();
      },
    };
  } catch (error) {
    await closeLast();
    throw error;
  }
}

interface Parts {
  readonly doorkeeper: Doorkeeper;
  readonly split: FileSplitKeeper;
  readonly log: TrafficLog;
  readonly capture: CaptureLog | null;
}

async function listen(
  options: ServeGatewayOptions,
  parts: Parts,
): Promise<{ readonly gateway: Gateway; readonly control: ControlServer | null }> {
  const { config, secrets, clock } = options;
  const { doorkeeper, split, log, capture } = parts;
  let started: Gateway | null = null;
  const state = (): GatewayState => ({
    traffic: log.counts,
    plane: started?.counts() ?? NOTHING_YET,
    arms: started === null ? [] : configuredArms(started.dataPlane),
    split: split.view(),
    events: log.files.status(),
    traces: log.traces?.status() ?? null,
  });
  const gateway = await startGateway({
    config,
    secrets,
    clock,
    doorkeeper,
    split,
    sink: log,
    prices: config.prices ? listPricer : null,
    ...(capture === null ? {} : { capture }),
    stateFolder: inFolder(options, config.state),
    routes: [
      ...feedbackRoutes({ sink: log, memory: log, clock }),
      ...(config.expose ? observationRoutes(state) : []),
    ],
  });
  started = gateway;
  try {
    return { gateway, control: await startControl(options, { dataPlane: gateway.dataPlane, split, state }) };
  } catch (error) {
    await gateway.close(0);
    throw error;
  }
}

async function startControl(
  options: ServeGatewayOptions,
  parts: {
    readonly dataPlane: DataPlane;
    readonly split: FileSplitKeeper;
    readonly state: () => GatewayState;
  },
): Promise<ControlServer | null> {
  const { config, secrets } = options;
  if (config.control === undefined || secrets.controlToken === null) return null;
  const place = config.control.listen;
  return startControlServer({
    ...parts,
    hasCanary: config.arms.canary !== undefined,
    listen: place.startsWith("unix:") ? `unix:${inFolder(options, place.slice(5))}` : place,
    token: secrets.controlToken,
  });
}

function captureOf(options: ServeGatewayOptions): CaptureLog | null {
  const { config, clock, onNotice } = options;
  if (config.capture === undefined) return null;
  const { percent, max_bytes: maxBytes, folder } = config.capture;
  return new CaptureLog({
    folder: inFolder(options, folder),
    percent,
    maxBytes,
    clock,
    onProblem: (error) => onNotice(`what is said cannot be kept: ${error.message}`),
  });
}

function doorkeeperOf(options: ServeGatewayOptions): Promise<Doorkeeper> | Doorkeeper {
  const { config, clock, onNotice } = options;
  if (config.keys === undefined) return openDoorkeeper(ONLY_TENANT);
  return openKeysDoorkeeper({
    file: inFolder(options, config.keys),
    clock,
    onProblem: (error) => onNotice(`the keys known so far stay: ${error.message}`),
  });
}

function inFolder({ file }: ServeGatewayOptions, path: string): string {
  return resolve(dirname(file), path);
}
