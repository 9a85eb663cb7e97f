import { describe, expect, it } from "vitest";
import { parseGatewayFile } from "./parse-gateway-file.js";

const LEAST = "version: 1\nservice: support\narms: { stable: { url: 'http://127.0.0.1:8000/v1/' } }\n";

const problems = (text: string): string => {
  try {
    parseGatewayFile(text, "gateway.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("gateway.yaml", () => {
  it("needs a service and a stable arm alone", () => {
    expect(parseGatewayFile(LEAST, "gateway.yaml")).toMatchObject({
      listen: { host: "127.0.0.1", port: 8080 },
      arms: { stable: { url: "http://127.0.0.1:8000" } },
      key: "conversation",
      headers: { conversation: "x-conversation-id", arm: "x-agentctl-arm" },
      timeouts: { connect: 5_000, first_byte: 60_000, idle: 60_000, total: 600_000 },
      retries: 1,
      breaker: { failures: 5, open: 5_000 },
      lease: { required: true },
      prices: true,
    });
  });

  it.each([
    ["an unknown key, with what was probably meant", `${LEAST}shadows: {}\n`, "gateway.yaml:4", "shadow"],
    ["a secret in the file", LEAST.replace("}", ", api_key: sk-123 }"), "gateway.yaml:3", "env:NAME"],
    ["a password in a URL", LEAST.replace("127", "user:pw@127"), "gateway.yaml:3", "without a password"],
    [
      "a control API that others reach",
      `${LEAST}control: { listen: "0.0.0.0:1", token: env:T }\n`,
      ":4",
      "loopback",
    ],
    ["an address that others reach, without keys", `${LEAST}listen: { host: 0.0.0.0 }\n`, ":4", "`keys`"],
    ["a shadow without a canary", `${LEAST}shadow: { percent: 5 }\n`, ":4", "arms.canary"],
    ["a port that is none", LEAST.replace(":8000", ":99999"), ":3", "wants a URL"],
    ["a time beyond a timer's", `${LEAST}timeouts: { total: 30d }\n`, ":4", "at most 24d"],
    ["a time that is over at once", `${LEAST}timeouts: { first_byte: 0s }\n`, ":4", "above 0"],
    ["a lease beyond a timer's", `${LEAST}lease: { grace: 30d }\n`, ":4", "at most 24d"],
    ["a collector of no web address", `${LEAST}otlp: { url: "ftp://127.0.0.1/v1" }\n`, ":4", "otlp.url"],
    ["a time without a unit", `${LEAST}timeouts: { connect: 5 }\n`, ":4", "timeouts.connect"],
  ])("refuses %s", (_, text, place, wanted) => {
    expect(problems(text)).toContain(place);
    expect(problems(text)).toContain(wanted);
  });

  it.each([
    "listen: { host: 0.0.0.0 }\nkeys: keys.yaml\n",
    "listen: { host: 0.0.0.0, tls: { cert: c, key: k, client_ca: a } }\n",
    "listen: { host: 127.0.0.2 }\n",
    "health: { interval: 0s }\n",
    "control: { listen: 'unix:/run/agentctl.sock', token: file:token }\n",
    "control: { listen: '[::1]:9901', token: env:TOKEN }\n",
  ])("takes %j", (extra) => {
    expect(problems(LEAST + extra)).toBe("");
  });
});
