import { execFile, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { ChildTransport } from "./child-transport.js";

const opened: ChildTransport[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** Lines of the program come before an echo of every message, so that it lives until its input ends. */
const ECHO = "process.stdin.on('data', (text) => process.stdout.write(text));";
const MESSAGE: JSONRPCMessage = { jsonrpc: "2.0", method: "notifications/x" };
/** A program that says so by a message once it runs. */
const READY = `console.log(JSON.stringify(${JSON.stringify(MESSAGE)}));`;

interface Started {
  readonly transport: ChildTransport;
  readonly messages: JSONRPCMessage[];
  readonly errors: Error[];
  readonly closed: Promise<void>;
  /** Resolves at the next message. */
  next(): Promise<JSONRPCMessage>;
}

async function started(program: string, env: Record<string, string> = {}): Promise<Started> {
  const transport = new ChildTransport({
    command: process.execPath,
    args: ["-e", program],
    env,
    folder: tmpdir(),
  });
  opened.push(transport);
  const messages: JSONRPCMessage[] = [];
  const errors: Error[] = [];
  let read = 0;
  let wake = () => {};
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  transport.onerror = (error) => void errors.push(error);
  transport.onmessage = (message) => {
    messages.push(message);
    wake();
  };
  await transport.start();
  const next = async () => {
    while (messages.length <= read) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const message = messages[read++];
    if (message === undefined) throw new Error("no message");
    return message;
  };
  return { transport, messages, errors, closed, next };
}

function paramsOf(message: JSONRPCMessage): { readonly [name: string]: unknown } {
  return "params" in message ? (message.params ?? {}) : {};
}

/** Not so once it has ended, even if nobody has taken note of that yet. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50 && isAlive(pid); tries += 1) {
    await new Promise((later) => setTimeout(later, 20));
  }
  return !isAlive(pid);
}

/** Starts a process of its own and names it in a message. */
const withGrandchild = (options: string) => `
  const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], ${options});
  console.log(JSON.stringify({ jsonrpc: "2.0", method: "x", params: { pid } }));`;

describe("the process of an MCP server", () => {
  it("gets the variables that it was given, and no others", async () => {
    const program = `console.log(JSON.stringify({ jsonrpc: "2.0", method: "x", params: process.env })); ${ECHO}`;
    const { next } = await started(program, { ONE: "1" });
    expect(paramsOf(await next())).toEqual({ ONE: "1" });
  });

  it("is ended by the end of its input, and what it started with it", async () => {
    const { transport, next, closed } = await started(withGrandchild('{ stdio: "inherit" }') + ECHO);
    const grandchild = Number(paramsOf(await next()).pid);
    const { pid } = transport;
    expect(isAlive(grandchild)).toBe(true);
    await transport.close();
    await closed;
    expect(transport.pid).toBeNull();
    expect(await isGone(pid ?? 0)).toBe(true);
    expect(await isGone(grandchild)).toBe(true);
  });

  it("takes what it started with it when it crashes", async () => {
    const { transport, next, closed } = await started(
      `${withGrandchild('{ stdio: "inherit" }')} setTimeout(() => process.exit(1), 50);`,
    );
    const grandchild = Number(paramsOf(await next()).pid);
    await closed;
    expect(await isGone(grandchild)).toBe(true);
    await expect(transport.send(MESSAGE)).rejects.toThrow("has ended");
  });

  it("is over even while a process that left its group holds its pipes", async () => {
    const { next, closed } = await started(
      `${withGrandchild('{ stdio: "inherit", detached: true }')} setTimeout(() => process.exit(1), 50);`,
    );
    const stranger = Number(paramsOf(await next()).pid);
    await closed;
    expect(isAlive(stranger)).toBe(true);
    process.kill(stranger, "SIGKILL");
  });

  it("is killed when it heeds neither the end of its input nor a signal", async () => {
    const program = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); ${READY}`;
    const { transport, next } = await started(program);
    await next();
    const { pid } = transport;
    await Promise.all([transport.close(), transport.close()]);
    expect(await isGone(pid ?? 0)).toBe(true);
  });

  it("cannot be started where there is no such program, and closing it is no error", async () => {
    const transport = new ChildTransport({
      command: "no-such-program-anywhere",
      args: [],
      env: {},
      folder: tmpdir(),
    });
    await expect(transport.start()).rejects.toThrow("ENOENT");
    await transport.close();
  });
});

describe("what a server writes", () => {
  it("may have lines between its messages that are none", async () => {
    const { next, errors } = await started(`console.log("Server ready\\n\\n{half"); ${READY} ${ECHO}`);
    expect(await next()).toEqual(MESSAGE);
    expect(errors).toEqual([]);
  });

  it("comes whole, however it was cut into pieces", async () => {
    const { transport, next } = await started(
      `process.stdin.on("data", (data) => { for (const byte of data) process.stdout.write(Buffer.of(byte)); });`,
    );
    const message: JSONRPCMessage = { jsonrpc: "2.0", method: "x", params: { text: "Grüße 🌍\nzwei" } };
    await transport.send(message);
    expect(await next()).toEqual(message);
  });

  it.each([
    ["is JSON and no message", `console.log('{"no":"message"}'); ${ECHO}`, /invalid/i],
    [
      "is a line without end",
      `const part = "x".repeat(1 << 20); const more = () => process.stdout.write(part, more); more();`,
      /maximum size/,
    ],
  ])("ends the process when it %s", async (_, program, message) => {
    const { errors, closed } = await started(program);
    await closed;
    expect(String(errors[0]?.message)).toMatch(message);
  });

  it("does not block it on stderr; the last line is kept, without values of its variables", async () => {
    const { transport, next } = await started(
      `process.stderr.write("y".repeat(8 << 20) + "\\nbad key " + process.env.KEY + " \\u001b[31m!\\n\\n", () => { ${READY} }); ${ECHO}`,
      { KEY: "s3cret-value" },
    );
    await next();
    expect(transport.lastWords).toBe("bad key *** [31m!");
  });

  it("keeps no half of a value where a line is longer than what is kept", async () => {
    const { transport, next } = await started(
      `process.stderr.write(process.env.KEY + "y".repeat(1995), () => { ${READY} }); ${ECHO}`,
      { KEY: "s3cret-value" },
    );
    await next();
    expect(transport.lastWords).toBe("");
  });
});

describe("our own process", () => {
  it("ends without waiting for a server, and takes it with it", async () => {
    const source = fileURLToPath(new URL("child-transport.ts", import.meta.url));
    const program = `
      import { createJiti } from "jiti";
      const { ChildTransport } = await createJiti(import.meta.url).import(${JSON.stringify(source)});
      const transport = new ChildTransport({ command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], env: {}, folder: "." });
      await transport.start();
      console.log(transport.pid);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      timeout: 20_000,
    });
    expect(await isGone(Number(stdout))).toBe(true);
  });
});
