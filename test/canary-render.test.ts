import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "./run-cli.js";

const RELEASE = `version: 1
service: support
traffic: http://127.0.0.1:8080
stable: {url: "http://127.0.0.1:8001"}
canary: {url: "http://127.0.0.1:8002"}
router: {type: haproxy, socket: run/haproxy.sock, map_folder: .agentctl/haproxy}
`;

describe("agentctl canary render", () => {
  it("writes a configuration, and leaves a split alone that is there", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "release.yaml"), RELEASE);
    const first = await runCli(["canary", "render", "haproxy"], { cwd });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout.split("\n")).toEqual(
      ["haproxy.cfg", "agentctl-answer-end.lua", "bps.map", "salt.map"].map(
        (name) => `wrote .agentctl/haproxy/${name}`,
      ),
    );
    expect(first.stderr).toContain("run: haproxy -W -f haproxy.cfg");
    const map = join(cwd, ".agentctl/haproxy/bps.map");
    writeFileSync(map, "bps 500\n");
    const second = await runCli(["canary", "render", "haproxy"], { cwd });
    expect(second.stdout).toContain("kept .agentctl/haproxy/bps.map");
    expect(readFileSync(map, "utf8")).toBe("bps 500\n");
  });

  it("says what is wrong with an arm that it cannot render", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "release.yaml"), RELEASE.replace(":8002", ":8002/base"));
    const { exitCode, stderr } = await runCli(["canary", "render", "haproxy"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("canary.url expected scheme, host and port alone");
  });
});
