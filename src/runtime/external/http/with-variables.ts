/** A text in which `${env:NAME}` was replaced. */
export interface FilledText {
  readonly text: string;
  /** What was put in. */
  readonly values: readonly string[];
  /** Variables that are not set, or empty. */
  readonly missing: readonly string[];
}

const VARIABLE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Replaces `${env:NAME}` by the value of the variable, without the white space around it that files tend to leave. */
export function withVariables(
  text: string,
  env: { readonly [name: string]: string | undefined },
): FilledText {
  const values: string[] = [];
  const missing: string[] = [];
  const filled = text.replace(VARIABLE, (_, name: string) => {
    const value = env[name]?.trim() ?? "";
    (value === "" ? missing : values).push(value === "" ? name : value);
    return value;
  });
  return { text: filled, values, missing };
}
