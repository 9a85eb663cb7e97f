import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { writeWhole } from "../../eval/output/write-whole.js";
import { type RenderKind, renderConfiguration } from "./registry.js";
import { eventFile } from "./rendered.js";

/** What was written, for people. */
export interface WrittenConfiguration {
  readonly written: readonly string[];
  /** Files that hold the split of a running service, and so were left alone. */
  readonly kept: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Writes configuration that is rendered from a release file.
 *
 * @param releaseFile - relative paths in it start at its folder
 * @param out - folder, made when it is not there
 * @throws {UsageError} when the release file has something that cannot stand in that configuration
 */
export async function writeRendered(
  kind: RenderKind,
  release: ReleaseConfig,
  { releaseFile, out }: { readonly releaseFile: string; readonly out: string },
): Promise<WrittenConfiguration> {
  const folder = resolve(out);
  const place = { folder: dirname(resolve(releaseFile)), out: folder };
  const { files, notes } = renderConfiguration(kind, release, place);
  const isThere = (name: string) => existsSync(join(folder, name));
  const kept = files.filter(({ isState, name }) => isState === true && isThere(name)).map(({ name }) => name);
  const written = files.filter(({ name }) => !kept.includes(name));
  for (const { name, text } of written) await writeWhole(join(folder, name), text);
  if (kind === "haproxy" || kind === "nginx")
    await mkdir(dirname(eventFile(release, place, kind)), { recursive: true });
  return { written: written.map(({ name }) => name), kept, notes };
}
