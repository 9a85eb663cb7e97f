import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.js";
import { chatAnswer, Upstream } from "./testing/upstream.js";

/** Made for these tests with openssl, valid for 100 years: a CA, and a server and a client that it signed. */
const pem = (name: string) => readFileSync(join(import.meta.dirname, "testing/certificates", name), "utf8");

const CA = pem("ca.pem");
const SERVER = { cert: pem("server.pem"), key: pem("server.key") };

let stable: Upstream;
let test: TestGateway;
const agents: Agent[] = [];

beforeEach(async () => {
  stable = await Upstream.start(chatAnswer("over TLS"));
});

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  await test.close();
  await stable.close();
});

function ask(connect: object) {
  const agent = new Agent({ connect });
  agents.push(agent);
  const url = `${test.origin}/v1/chat/completions`;
  return fetch(url, { method: "POST", body: "{}", dispatcher: agent });
}

describe("TLS", () => {
  it("serves HTTPS with the certificate of gateway.yaml", async () => {
    test = await startTestGateway({ stable: stable.url, secrets: { tls: { ...SERVER, clientCa: null } } });
    expect(test.origin).toMatch(/^https:/);
    expect(await (await ask({ ca: CA })).text()).toContain("over TLS");
    await expect(ask({})).rejects.toThrow();
    await expect(ask({ ca: CA, maxVersion: "TLSv1.1" })).rejects.toThrow();
  });

  it("lets in only clients with a certificate that the CA signed", async () => {
    test = await startTestGateway({ stable: stable.url, secrets: { tls: { ...SERVER, clientCa: CA } } });
    const client = { ca: CA, cert: pem("client.pem"), key: pem("client.key") };
    expect((await ask(client)).status).toBe(200);
    await expect(ask({ ca: CA })).rejects.toThrow();
    expect(stable.asked).toHaveLength(1);
  });

  it("says what is wrong with a certificate that is none", async () => {
    const tls = { cert: "no certificate", key: SERVER.key, clientCa: null };
    await expect(startTestGateway({ stable: stable.url, secrets: { tls } })).rejects.toThrow("listen.tls");
    test = await startTestGateway({ stable: stable.url });
  });
});

describe("a client that sends too slowly or too much", () => {
  it("is answered 408 and 431", async () => {
    const limits = { header_bytes: 2000, header_time: "0.2s", request_time: "0.2s" };
    test = await startTestGateway({ stable: stable.url, settings: { limits } });
    const { connect } = await import("node:net");
    const socket = connect(test.gateway.port, "127.0.0.1");
    socket.write("POST /v1/responses HTTP/1.1\r\nhost: x\r\n");
    let answer = "";
    for await (const part of socket) answer += String(part);
    expect(answer).toContain("408 Request Timeout");
    const large = await fetch(`${test.origin}/v1/models`, { headers: { "x-large": "x".repeat(3000) } });
    expect(large.status).toBe(431);
    expect(stable.asked).toEqual([]);
  });
});
