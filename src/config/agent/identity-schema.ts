import { z } from "zod";

const variable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, "wants the name of a variable such as AGENT_TOKEN, never the value itself");
const scopes = z.array(z.string().min(1));

/** An identity that stands in the file. */
const configIdentitySchema = z.strictObject({
  tenant: z.string().min(1).default("default").describe("Tenant that the agent acts for."),
  user: z.string().min(1).nullable().default(null).describe("User that is signed in; null for nobody."),
  roles: scopes.default([]).describe("Roles of the user."),
  scopes: scopes.default([]).describe("What may be done, such as orders:read."),
});

const jwtSchema = z
  .strictObject({
    token_env: variable.default("AGENT_TOKEN").describe("Variable that holds the token."),
    issuer: z.string().min(1).describe("`iss` that the token must have."),
    audience: z.string().min(1).describe("`aud` that the token must name."),
    jwks_file: z.string().min(1).optional().describe("Public keys (JWKS), relative to the agent file."),
    jwks_url: z.url().optional().describe("Where the issuer publishes its keys; https, or http on loopback."),
    public_key_file: z
      .string()
      .min(1)
      .optional()
      .describe("Public key (PEM, SPKI), relative to the agent file."),
    secret_env: variable.optional().describe("Variable that holds a shared secret of at least 32 bytes."),
    algorithms: z
      .array(
        z.enum([
          "RS256",
          "RS384",
          "RS512",
          "PS256",
          "PS384",
          "PS512",
          "ES256",
          "ES384",
          "ES512",
          "EdDSA",
          "HS256",
          "HS384",
          "HS512",
        ]),
      )
      .min(1)
      .optional()
      .describe(
        "Signatures that are accepted; default: RS256, PS256, ES256 and EdDSA, or HS256 with a secret.",
      ),
    clock_skew_s: z
      .int()
      .min(0)
      .max(300)
      .default(30)
      .describe("Difference of clocks that is put up with, in seconds."),
    tenant_claim: z
      .string()
      .min(1)
      .default("tenant")
      .describe("Claim that names the tenant; dots lead into objects."),
    user_claim: z.string().min(1).default("sub").describe("Claim that names the user."),
    roles_claim: z.string().min(1).default("roles").describe("Claim that lists roles."),
    scopes_claim: z
      .string()
      .min(1)
      .default("scope")
      .describe("Claim that lists scopes, as a list or a text with spaces."),
  })
  .refine(
    (jwt) =>
      [jwt.jwks_file, jwt.jwks_url, jwt.public_key_file, jwt.secret_env].filter((key) => key !== undefined)
        .length === 1,
    { message: "wants exactly one of `jwks_file`, `jwks_url`, `public_key_file` and `secret_env`" },
  )
  .refine(
    ({ algorithms, secret_env }) =>
      algorithms?.every((name) => name.startsWith("HS") === (secret_env !== undefined)) ?? true,
    { message: "wants HS algorithms with `secret_env`, and only there", path: ["algorithms"] },
  );

const tokenIdentitySchema = z.strictObject({
  jwt: jwtSchema.describe("The token that says who it is, and how it is checked."),
  roles: z.record(z.string().min(1), scopes).default({}).describe("Scopes that each role has."),
});

/** `identity` block of an agent file. */
export const identitySchema = z.union([configIdentitySchema, tokenIdentitySchema]);

export type IdentityConfig = z.output<typeof identitySchema>;
export type TokenIdentityConfig = z.output<typeof tokenIdentitySchema>;
