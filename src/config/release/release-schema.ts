import { z } from "zod";
import { waitingTime } from "../waiting-time.js";

const webAddress = z
  .string()
  .regex(/^https?:\/\/[^\s]+$/, "wants a URL such as http://127.0.0.1:8000")
  .refine((text) => URL.canParse(text), "wants a URL such as http://127.0.0.1:8000");

const url = webAddress
  .refine((text) => isWithoutPassword(text), "wants a URL without user name and password")
  .transform((text) => text.replace(/\/+$/, ""));

/** As people copy it from a client, with `/v1`, or without. */
const serverUrl = webAddress
  .refine((text) => isWithoutPassword(text), "wants a URL without user name and password")
  .refine((text) => !/[?#]/.test(text), "wants a URL without `?` and `#`")
  .transform((text) => text.replace(/\/+$/, "").replace(/\/v1$/, ""));

function isWithoutPassword(text: string): boolean {
  const { username, password } = URL.canParse(text) ? new URL(text) : { username: "", password: "" };
  return username === "" && password === "";
}

const matcher = z
  .string()
  .regex(/^[a-zA-Z_]\w*\s*(=|!=|=~|!~)\s*"[^{}]*$/, 'wants label matchers such as job="vllm-stable"');

const secret = z
  .string()
  .regex(/^(env|file):.+$/, "wants `env:NAME` or `file:PATH`: secrets do not stand in this file");

const armSchema = z.strictObject({
  url: serverUrl.describe("Base URL of the server; `/v1` at its end may be left out."),
  model: z.string().optional().describe("Model to ask it for."),
  metrics: url.optional().describe("Its Prometheus page, e.g. http://127.0.0.1:8000/metrics."),
  api_key: secret.optional().describe("Key to send to it."),
});

const routers = [
  z.strictObject({
    type: z.literal("gateway").describe("Kind of router."),
    control: z.string().describe("Control API of `agentctl gateway`: URL, or `unix:PATH`."),
    token: secret.describe("Token of the control API: `env:NAME` or `file:PATH`."),
  }),
  z.strictObject({
    type: z.literal("haproxy").describe("Kind of router."),
    socket: z.string().describe("Runtime API: path of the socket, or HOST:PORT."),
    map_folder: z.string().describe("Folder of bps.map and salt.map, which HAProxy reads at its start."),
    stable_backend: z.string().default("be_stable").describe("Backend of the stable version."),
    canary_backend: z.string().default("be_canary").describe("Backend of the new version."),
  }),
  z.strictObject({
    type: z.literal("nginx").describe("Kind of router."),
    split_file: z.string().describe("File with `split_clients`, which nginx.conf includes."),
    reload: z
      .array(z.string())
      .min(1)
      .describe("Command that makes nginx read it, e.g. [nginx, -s, reload]."),
    test: z.array(z.string()).min(1).optional().describe("Command that checks it first, e.g. [nginx, -t]."),
    status: url
      .optional()
      .describe(
        "Where nginx tells the split that it runs, e.g. http://127.0.0.1:8404/agentctl-split; else a reload is believed.",
      ),
    key_header: z.string().default("x-conversation-id").describe("Header that is hashed."),
    arm_variable: z.string().default("agentctl_arm").describe("Variable that holds `stable` or `canary`."),
  }),
  z.strictObject({
    type: z.literal("gateway-api").describe("Kind of router."),
    route: z.string().describe("Name of the HTTPRoute."),
    namespace: z.string().default("default").describe("Namespace of the HTTPRoute."),
    rule: z.int().min(0).default(0).describe("Which rule of it, from 0."),
    stable_service: z.string().describe("Service of the stable version, as backendRefs name it."),
    canary_service: z.string().describe("Service of the new version."),
    kubectl: z
      .array(z.string())
      .min(1)
      .default(["kubectl"])
      .describe("Command, with flags such as --context."),
  }),
  z.strictObject({
    type: z.literal("exec").describe("Kind of router."),
    get: z.array(z.string()).min(1).describe('Prints {"bps": …, "salt": …, "version": …}.'),
    set: z.array(z.string()).min(1).describe("Gets AGENTCTL_BPS, AGENTCTL_SALT and AGENTCTL_IF_VERSION."),
    drain: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Lets requests of AGENTCTL_ARM end and sends no new ones."),
    sticky: z.boolean().default(false).describe("Whether a conversation stays in its arm."),
    timeout: waitingTime.prefault("30s").describe("How long each command may take."),
  }),
] as const;

/** What `warm_up` says when it does not say. */
export const WARM_UP = { requests: 40, concurrency: 4 } as const;

/** `release.yaml`: where a service runs, what splits its traffic, who may release it. The policy is in gates.yaml. */
export const releaseSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  service: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/, "wants lower-case letters, digits, `.`, `_`, `-`")
    .describe("Name of what is released; the journal knows it by this."),
  agent: z.string().optional().describe("Agent file of the new version, relative to this file."),
  traffic: serverUrl.describe("Where clients send their requests: the address of gateway or proxy."),
  traffic_api_key: secret
    .optional()
    .describe("Key that the gateway asks of clients, for the probes that are sent through it."),
  stable: armSchema.describe("The version that serves everybody now."),
  canary: armSchema.describe("The version that is released."),
  warm_up: z
    .strictObject({
      requests: z.int().min(2).default(WARM_UP.requests).describe("Most requests that are sent."),
      concurrency: z.int().min(1).default(WARM_UP.concurrency).describe("Requests at once."),
    })
    .optional()
    .describe("Requests to the new version before it gets traffic, until its first tokens are steady."),
  router: z.discriminatedUnion("type", [...routers]).describe("What splits the traffic."),
  key: z
    .enum(["conversation", "user", "tenant"])
    .default("conversation")
    .describe("What the split hashes, and so the unit of every figure."),
  key_header: z.string().default("x-conversation-id").describe("Header with that id."),
  events: z
    .array(z.string())
    .min(1)
    .default([".agentctl/events"])
    .describe(
      "Files or folders with JSONL of live events: of the gateway, of access logs, of the application.",
    ),
  captures: z
    .string()
    .default(".agentctl/captures")
    .describe(
      "Folder of the conversations that the gateway keeps; those of a rollback are queued for review.",
    ),
  prometheus: z
    .strictObject({
      url: url.describe("Base URL of Prometheus."),
      stable: matcher.describe('Label matcher of the stable arm, e.g. job="vllm-stable".'),
      canary: matcher.describe("Label matcher of the new version."),
    })
    .optional()
    .describe("Where capacity is read when the arms have no page of their own."),
  journal: z.string().default(".agentctl/releases.db").describe("SQLite file of the journal."),
  people: z
    .strictObject({
      release_managers: z.array(z.string()).default([]).describe("Who may approve, reject and promote."),
      four_eyes: z.boolean().default(false).describe("Whether the author may not approve."),
    })
    .prefault({})
    .describe("Who may do what."),
  notify: z
    .array(
      z.strictObject({
        webhook: secret.or(webAddress).describe("URL that notices are posted to; `env:` when it is secret."),
        on: z.enum(["all", "page"]).default("all").describe("`page`: only what needs somebody at once."),
      }),
    )
    .default([])
    .describe("Who is told what happens."),
});

export type ReleaseConfig = z.output<typeof releaseSchema>;
export type RouterConfig = ReleaseConfig["router"];
