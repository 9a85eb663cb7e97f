/** Process exit codes. `docs/errors.md` lists them for users. */
export const EXIT = {
  ok: 0,
  gateFailed: 1,
  userError: 2,
  infrastructure: 3,
  inconclusive: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
