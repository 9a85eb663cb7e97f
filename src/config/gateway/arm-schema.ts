import { z } from "zod";
import { secret } from "./listen-schema.js";

const usdPerMtok = z.number().min(0);

/** One model server behind the gateway. */
export const armSchema = z.strictObject({
  url: z
    .string()
    .regex(
      /^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/,
      "wants a URL such as http://127.0.0.1:8000, without a password",
    )
    .refine((text) => URL.canParse(text), "wants a URL such as http://127.0.0.1:8000")
    .transform((text) => text.replace(/\/+$/, "").replace(/\/v1$/, ""))
    .describe("Base URL of the server; `/v1` at its end may be left out."),
  model: z
    .string()
    .min(1)
    .optional()
    .describe("Model to ask it for, in place of the one that the client names; otherwise untouched."),
  api_key: secret.optional().describe("Key to send to it, as `env:NAME` or `file:PATH`."),
  price: z
    .strictObject({
      input_usd_per_mtok: usdPerMtok.describe("Input tokens."),
      output_usd_per_mtok: usdPerMtok.describe("Output tokens."),
      cached_input_usd_per_mtok: usdPerMtok
        .optional()
        .describe("Input tokens read from its cache; default: as other input."),
    })
    .optional()
    .describe("US dollars per million tokens; overrides the built-in price list."),
});
