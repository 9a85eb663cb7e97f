import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject, runCli, startCli } from "./run-cli.js";

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  await runCli(["eval", "--limit", "4", "--quiet"], { cwd });
});

/** Starts the server; resolves with the process and the printed link. */
async function serve(args: readonly string[] = []) {
  const process = startCli(["review", "serve", "latest", "--judge", "helpfulness", ...args], { cwd });
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    process.stdout?.on("data", (chunk) => {
      printed += String(chunk);
      const found = /http:\S+\/\?token=[\w-]+/.exec(printed);
      if (found !== null) resolve(found[0]);
    });
    void process.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { process, url };
}

/** A browser without a screen. */
async function enter(url: string) {
  const page = await fetch(url);
  const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const { origin } = new URL(url);
  return async (name: string, body: unknown) => {
    const response = await fetch(`${origin}/api/${name}`, {
      method: "POST",
      headers: { cookie, origin, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as {
      readonly item: { readonly item: string };
      readonly progress: { readonly done: number; readonly total: number };
    };
  };
}

describe("agentctl review serve", () => {
  it("stores labels that the terminal queue counts, and ends at Ctrl-C", async () => {
    const { process, url } = await serve();
    const post = await enter(url);
    const { item, progress } = await post("sign-in", { name: "Ada" });
    expect(progress).toMatchObject({ done: 0, total: 4 });
    await post("label", { item: item.item, value: "4", comment: "short" });
    process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await process;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `helpfulness: 4 items\n${url}` });
    expect(stderr).toContain("stopped; agentctl review latest --judge helpfulness --status");
    const status = ["review", "latest", "--judge", "helpfulness", "--status", "--as", "Ada", "--json"];
    const summary = JSON.parse((await runCli(status, { cwd })).stdout);
    expect(summary).toMatchObject({ labelled: 1, annotators: [{ author: "Ada", labels: 1 }] });
  });

  it("loses no label that was answered when it is killed", async () => {
    const { process, url } = await serve();
    const post = await enter(url);
    const { item } = await post("sign-in", { name: "Kim" });
    await post("label", { item: item.item, value: "2" });
    process.kill("SIGKILL");
    await process;
    const status = ["review", "latest", "--judge", "helpfulness", "--status", "--as", "Kim", "--json"];
    expect(JSON.parse((await runCli(status, { cwd })).stdout)).toMatchObject({ progress: { done: 1 } });
  });

  it.each([
    [["--host", "0.0.0.0"], "add --allow-remote to let others in the network label"],
    [["--port", "70000"], "expected a port, at most 65535."],
    [["--items"], "expected no run beside it"],
  ])("%j is refused", async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli(
      ["review", "serve", "latest", "--judge", "helpfulness", ...args],
      { cwd },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
