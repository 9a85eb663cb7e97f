import { KeyObject, sign } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { identitySchema, type TokenIdentityConfig } from "../../config/agent/identity-schema.js";
import { ConfigError, ProviderError, UsageError } from "../../core/errors.js";
import { ANONYMOUS } from "../../core/identity.js";
import { agentIdentity, verifierOf } from "./agent-identity.js";

const NOW_S = 1_800_000_000;
const clock = { now: () => NOW_S * 1000, monotonic: () => 0 };
const folder = mkdtempSync(join(tmpdir(), "identity-"));
const SECRET = "0123456789abcdef0123456789abcdef";

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let pair: Pair;
let otherPair: Pair;
let pem = "";

beforeAll(async () => {
  pair = await generateKeyPair("RS256", { extractable: true });
  otherPair = await generateKeyPair("RS256", { extractable: true });
  pem = await exportSPKI(pair.publicKey);
  writeFileSync(join(folder, "key.pem"), pem);
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "RS256" };
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [jwk] }));
});

function configOf(jwt: Record<string, unknown>, roles = { support: ["orders:read"] }): TokenIdentityConfig {
  return identitySchema.parse({
    jwt: { issuer: "https://id.example", audience: "agent", ...jwt },
    roles,
  }) as TokenIdentityConfig;
}

const place = (env: Record<string, string> = {}) => ({ file: "agent.yaml", folder, env, clock });

function token(claims: Record<string, unknown> = {}, options: { alg?: string; kid?: string } = {}) {
  const { alg = "RS256", kid = "one" } = options;
  return new SignJWT({
    tenant: "north",
    sub: "C-1001",
    roles: ["support", "nobody-mapped-this"],
    scope: "orders:list profile",
    iss: "https://id.example",
    aud: "agent",
    exp: NOW_S + 60,
    ...claims,
  }).setProtectedHeader({ alg, kid });
}

const verify = async (text: string, jwt: Record<string, unknown> = { public_key_file: "key.pem" }) =>
  (await verifierOf(configOf(jwt), place({ SECRET })))(text);

describe("identity of a token", () => {
  it("takes tenant, user, roles and scopes from a token that holds", async () => {
    expect(await verify(await token().sign(pair.privateKey))).toEqual({
      tenantId: "north",
      userId: "C-1001",
      roles: ["support", "nobody-mapped-this"],
      scopes: ["orders:list", "profile", "orders:read"],
    });
  });

  it("takes keys from a JWKS file, from a PEM file, from an address and from a secret", async () => {
    const signed = await token().sign(pair.privateKey);
    const server = createServer((_, response) => {
      void exportJWK(pair.publicKey).then((jwk) =>
        response.end(JSON.stringify({ keys: [{ ...jwk, kid: "one" }] })),
      );
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const sources = [{ jwks_file: "keys.json" }, { public_key_file: "key.pem" }, { jwks_url: url }];
    for (const source of sources) expect((await verify(signed, source)).userId).toBe("C-1001");
    server.close();
    const shared = await token({}, { alg: "HS256" }).sign(new TextEncoder().encode(SECRET));
    expect((await verify(shared, { secret_env: "SECRET" })).userId).toBe("C-1001");
  });

  it("finds claims by a path, and by a name that holds dots", async () => {
    const signed = await token({
      "https://example.com/tenant": "south",
      realm_access: { roles: ["support"] },
      scope: undefined,
    }).sign(pair.privateKey);
    const jwt = {
      public_key_file: "key.pem",
      tenant_claim: "https://example.com/tenant",
      roles_claim: "realm_access.roles",
    };
    expect(await verify(signed, jwt)).toMatchObject({ tenantId: "south", scopes: ["orders:read"] });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["expired", { exp: NOW_S - 31 }, /has expired/],
    ["without an end", { exp: undefined }, /claim exp/],
    ["not valid yet", { nbf: NOW_S + 31 }, /claim nbf/],
    ["of another issuer", { iss: "https://evil.example" }, /claim iss/],
    ["for another audience", { aud: ["another"] }, /claim aud/],
    ["without a tenant", { tenant: undefined }, /claim tenant/],
    ["with a list of tenants", { tenant: ["north", "south"] }, /claim tenant/],
    ["without a user", { sub: "" }, /claim sub/],
  ])("refuses a token %s", async (_, claims, message) => {
    const checked = verify(await token(claims).sign(pair.privateKey));
    await expect(checked).rejects.toThrow(UsageError);
    await expect(checked).rejects.toThrow(message);
  });

  it("puts up with clocks that differ by the skew and no more", async () => {
    expect(await verify(await token({ exp: NOW_S - 29 }).sign(pair.privateKey))).toMatchObject({
      userId: "C-1001",
    });
  });

  it("refuses a token of another key, without a signature, and one that was changed", async () => {
    const signed = await token().sign(pair.privateKey);
    const [head = "", body = "", signature = ""] = signed.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, tenant: "south" })).toString("base64url");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const attempts = [
      await token().sign(otherPair.privateKey),
      new UnsecuredJWT(claims).encode(),
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      `${head}.${forged}.${signature}`,
      `${head}.${body}.`,
      "not a token",
      "",
      `${signed}x`,
    ];
    for (const attempt of attempts) {
      for (const source of [{ public_key_file: "key.pem" }, { jwks_file: "keys.json" }]) {
        await expect(verify(attempt, source)).rejects.toThrow(UsageError);
      }
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ["a key of its own", { jwk: "own" }],
    ["an address of keys", { jku: "https://evil.example/keys.json" }],
    ["an address of a certificate", { x5u: "https://evil.example/cert.pem" }],
    ["a path as key id", { kid: "../../../../dev/null" }],
    ["a query as key id", { kid: "one' UNION SELECT 'key" }],
    ["a list as key id", { kid: ["one"] }],
    ["an extension that must be understood", { crit: ["exp"], exp: NOW_S + 60 }],
    ["a payload that is not encoded", { b64: false, crit: ["b64"] }],
  ])("takes no key that a token brings or names: %s", async (_, extra) => {
    const header = "jwk" in extra ? { jwk: await exportJWK(otherPair.publicKey) } : extra;
    const head = Buffer.from(JSON.stringify({ alg: "RS256", kid: "one", ...header })).toString("base64url");
    const claims = (await token().sign(pair.privateKey)).split(".")[1];
    const signature = sign("sha256", Buffer.from(`${head}.${claims}`), KeyObject.from(otherPair.privateKey));
    const forged = `${head}.${claims}.${signature.toString("base64url")}`;
    for (const source of [{ public_key_file: "key.pem" }, { jwks_file: "keys.json" }]) {
      await expect(verify(forged, source)).rejects.toThrow(UsageError);
    }
  });

  it("never takes a public key for a secret", async () => {
    const confused = await token({}, { alg: "HS256" }).sign(new TextEncoder().encode(pem));
    await expect(verify(confused, { public_key_file: "key.pem" })).rejects.toThrow(
      /algorithm is not allowed/,
    );
    await expect(verify(confused, { jwks_file: "keys.json" })).rejects.toThrow(UsageError);
    expect(() => configOf({ public_key_file: "key.pem", algorithms: ["HS256"] })).toThrow(/HS algorithms/);
    expect(() => configOf({ secret_env: "SECRET", algorithms: ["HS256", "RS256"] })).toThrow(/HS algorithms/);
  });

  it("tells keys that cannot be fetched from a token that does not hold", async () => {
    const signed = await token().sign(pair.privateKey);
    await expect(verify(signed, { jwks_url: "http://127.0.0.1:1/keys" })).rejects.toThrow(ProviderError);
    await expect(verify(signed, { jwks_url: "http://example.com/keys" })).rejects.toThrow(/expected https/);
  });

  it("refuses keys that cannot be used", async () => {
    writeFileSync(join(folder, "broken.pem"), "nothing");
    await expect(verify("x", { public_key_file: "broken.pem" })).rejects.toThrow(ConfigError);
    await expect(verify("x", { public_key_file: "missing.pem" })).rejects.toThrow(/cannot be read/);
    await expect(verify("x", { secret_env: "NOT_SET" })).rejects.toThrow(/expected NOT_SET to be set/);
    const short = verifierOf(configOf({ secret_env: "SHORT" }), place({ SHORT: "short" }));
    await expect(short).rejects.toThrow(/has 5 bytes, expected at least 32/);
  });

  it("says nothing of the token", async () => {
    const signed = await token({ exp: 1 }).sign(pair.privateKey);
    const message = await verify(signed).catch((error: Error) => error.message);
    expect(message).not.toContain(signed.slice(0, 20));
    expect(message).not.toContain("C-1001");
  });
});

describe("identity of an agent file", () => {
  it("is nobody, what the file says, or whom the token of the environment names", async () => {
    expect(await agentIdentity(undefined, place())).toEqual(ANONYMOUS);
    const stated = identitySchema.parse({ tenant: "north", user: "anna", scopes: ["orders:read"] });
    expect(await agentIdentity(stated, place())).toEqual({
      tenantId: "north",
      userId: "anna",
      roles: [],
      scopes: ["orders:read"],
    });
    const signed = await token().sign(pair.privateKey);
    const config = configOf({ public_key_file: "key.pem" });
    expect((await agentIdentity(config, place({ AGENT_TOKEN: signed }))).tenantId).toBe("north");
    await expect(agentIdentity(config, place())).rejects.toThrow(/wants a token in AGENT_TOKEN, found none/);
  });
});
