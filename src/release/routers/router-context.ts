/** What a router needs besides its part of release.yaml. */
export interface RouterContext {
  /** Folder of release.yaml: relative paths start there. */
  readonly folder: string;
  /**
   * Value behind `env:NAME` or `file:PATH`.
   *
   * @throws {ConfigError} when there is none
   */
  readSecret(reference: string): string;
  /** Environment of the commands that routers start. */
  readonly environment: { readonly [name: string]: string | undefined };
}
