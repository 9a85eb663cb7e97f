import { ALL_BPS, type Arm } from "../../../core/traffic-split.js";
import { murmurHash2 } from "./murmur-hash2.js";

/** What the file with `split_clients` says. */
export interface NginxSplit {
  readonly bps: number;
  readonly salt: string;
  /** Drawn anew by every change that agentctl makes; nginx tells it to who asks. */
  readonly revision: string;
}

export interface SplitNames {
  /** Header with the id, e.g. `x-conversation-id`. */
  readonly keyHeader: string;
  /** Variable that gets the arm, without `$`. */
  readonly armVariable: string;
}

/** As nginx names a request header. */
export function headerVariable(header: string): string {
  return `$http_${header.toLowerCase().replaceAll("-", "_")}`;
}

/** Text of the file, which belongs into the `http` block. nginx refuses `0%`, and its `100%` leaves one hash out. */
export function splitFile(
  { bps, salt, revision }: NginxSplit,
  { keyHeader, armVariable }: SplitNames,
): string {
  const key = headerVariable(keyHeader);
  const share = bps === 0 || bps === ALL_BPS ? "" : `  ${(bps / 100).toFixed(2)}% canary;\n`;
  return `# Written by agentctl, which takes what is changed here by hand as drift.
split_clients "${salt}:${key}" $${armVariable}_drawn {
${share}  * ${bps === ALL_BPS ? "canary" : "stable"};
}
# Without an id all requests would share one bucket.
map ${key} $${armVariable} {
  "" stable;
  default $${armVariable}_drawn;
}
map $nginx_version $agentctl_bps { default ${bps}; }
map $nginx_version $agentctl_salt { default ${salt}; }
map $nginx_version $agentctl_revision { default ${revision}; }
`;
}

/** @returns `null` when the text splits nothing that way */
export function parseSplitFile(text: string): NginxSplit | null {
  const block = /^\s*split_clients\s+"(?<salt>[^":$]*):\$http_\w+"\s+\$\w+\s*\{(?<body>[^}]*)\}/m.exec(
    text,
  )?.groups;
  if (block === undefined) return null;
  const body = (block.body ?? "").replace(/#.*$/gm, "");
  const percent = /(?<percent>\d+(?:\.\d+)?)%\s+canary\s*;/.exec(body)?.groups?.percent;
  const rest = /\*\s+(?<arm>canary|stable)\s*;/.exec(body)?.groups?.arm;
  const revision = /\$agentctl_revision\s*\{\s*default\s+(?<word>\w+)\s*;/.exec(text)?.groups?.word;
  const bps = percent === undefined ? (rest === "canary" ? ALL_BPS : 0) : Math.round(Number(percent) * 100);
  return { bps, salt: block.salt ?? "", revision: revision ?? "none" };
}

/** Where nginx sends an id: the share is a range from 0 of the 32 bits of the hash. */
export function nginxArmOf(salt: string, id: string, bps: number): Arm {
  if (bps === 0 || bps === ALL_BPS) return bps === 0 ? "stable" : "canary";
  return murmurHash2(`${salt}:${id}`) < Math.floor((bps * 0xffffffff) / ALL_BPS) ? "canary" : "stable";
}
