#!/usr/bin/env -S node --
// `--` because Node 20 otherwise takes the flag --env-file for its own (nodejs/node#54232).
import { readFileSync } from "node:fs";
import { main } from "../dist/cli.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
await main(process.argv.slice(2), version);
