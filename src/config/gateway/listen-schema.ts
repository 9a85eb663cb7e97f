import { z } from "zod";

/** Where a secret is: the file itself holds none. */
export const secret = z
  .string()
  .regex(/^(env|file):.+$/, "wants `env:NAME` or `file:PATH`: secrets do not stand in this file");

/** Address of the gateway, and its certificate. */
export const listenSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address to listen on; `0.0.0.0` for all of IPv4."),
  port: z.int().min(0).max(65_535).default(8080).describe("Port; 0 takes any that is free."),
  tls: z
    .strictObject({
      cert: z.string().describe("PEM file with the certificate and those that vouch for it."),
      key: z.string().describe("PEM file with its private key."),
      client_ca: z
        .string()
        .optional()
        .describe("PEM file; clients must then show a certificate that it signed."),
    })
    .optional()
    .describe("HTTPS; plain HTTP when left out."),
});
