import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseReleaseFile } from "../../../config/release/parse-release-file.js";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import { armOf } from "../../../core/traffic-split.js";
import { describeRouterContract } from "../testing/router-contract.js";
import { ExecRouter } from "./exec-router.js";

/** A command as people write it: a file holds the split, a counter is its version. */
const SCRIPT = `
read -r bps salt version < "$2" || exit 1
if [ "$1" = get ]; then
  printf '{"bps":%s,"salt":"%s","version":%s}' "$bps" "$salt" "$version"
else
  [ "\${AGENTCTL_IF_VERSION:-$version}" = "$version" ] || exit 3
  echo "$AGENTCTL_BPS $AGENTCTL_SALT $((version + 1))" > "$2"
fi`;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "agentctl-exec-"));
}

function node(...args: readonly string[]): readonly string[] {
  return [process.execPath, "-e", ...args];
}

function openExec(router: object, folder: string, environment: NodeJS.ProcessEnv = process.env): ExecRouter {
  const release = parseReleaseFile(
    JSON.stringify({
      version: 1,
      service: "support",
      traffic: "http://127.0.0.1:1",
      stable: { url: "http://127.0.0.1:2" },
      canary: { url: "http://127.0.0.1:3" },
      router: { type: "exec", ...router },
    }),
    "release.yaml",
  );
  const config = release.router as Extract<RouterConfig, { type: "exec" }>;
  return new ExecRouter(config, { folder, readSecret: () => "", environment });
}

function failing(router: object, environment?: NodeJS.ProcessEnv): ExecRouter {
  const folder = newFolder();
  folders.push(folder);
  return openExec({ set: ["true"], ...router }, folder, environment);
}

describeRouterContract(
  "exec",
  async () => {
    const folder = newFolder();
    const file = join(folder, "split.json");
    const command = (name: string) => ["sh", "-c", SCRIPT, "split", name, file];
    const write = (bps: number, salt: string, version: number) =>
      writeFileSync(file, `${bps} ${salt} ${version}\n`);
    const read = () => readFileSync(file, "utf8").trim().split(" ") as [string, string, string];
    write(0, "none", 1);
    return {
      router: openExec({ get: command("get"), set: command("set") }, folder),
      sendThrough: async (ids) => {
        const [bps, salt] = read();
        return ids.map((id) => armOf(salt, id, Number(bps)));
      },
      editByHand: async (bps) => {
        const [, salt, version] = read();
        write(bps, salt, Number(version) + 1);
      },
      restart: async () => {},
      breakDown: async () => unlinkSync(file),
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  { counts: false, drains: false },
);

describe("a command that fails", () => {
  it("is ended with what it started when it takes too long", async () => {
    const started = performance.now();
    const router = failing({ get: ["sh", "-c", "sleep 60 & wait"], timeout: "1s" });
    await expect(router.get()).rejects.toThrow(/took longer than 1 s/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("is ended when it prints without end", async () => {
    await expect(failing({ get: ["yes"] }).get()).rejects.toThrow(/printed more than 1048576 bytes/);
  });

  it.each([
    ["nothing", ""],
    ["a text", "5 %"],
    ["a share beyond the whole", '{"bps": 10001}'],
    ["half a share", '{"bps": 0.5}'],
  ])("is no split when it prints %s", async (_name, text) => {
    const router = failing({ get: node("process.stdout.write(process.argv[1])", text) });
    await expect(router.get()).rejects.toMatchObject({ code: "ROUTER_FAILED" });
  });

  it("tells what it said, without secrets", async () => {
    const script = "process.stderr.write('no access with ' + process.env.LB_TOKEN); process.exit(4)";
    const router = failing({ get: node(script) }, { ...process.env, LB_TOKEN: "t0p-secret-value" });
    await expect(router.get()).rejects.toThrow(/code 4: no access with \[redacted\]$/);
  });

  it("is not believed when it changed nothing", async () => {
    const router = failing({ get: node(`console.log('{"bps":0}')`) });
    await expect(router.set({ bps: 100, salt: "r1" })).rejects.toThrow(/prints 0/);
  });

  it("cannot be set up without the program", async () => {
    const router = failing({ get: ["/nowhere/lb"] });
    await expect(router.get()).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
  });

  it("stops when the caller does", async () => {
    const stop = new AbortController();
    const call = failing({ get: ["sleep", "60"] }).get(stop.signal);
    stop.abort();
    await expect(call).rejects.toThrow(/abort/i);
  });
});
