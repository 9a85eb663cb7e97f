/** The outside world of a command, as parameters, so that a command can be tested without a process. */
export interface CommandIo {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Writes a result to stdout; a newline is added unless the text ends with one. */
  readonly print: (text: string) => void;
  /** Writes progress or a warning to stderr; a newline is added. */
  readonly note: (text: string) => void;
  /** Whether stdout and stderr are a terminal that a person watches (not CI, not a dumb one). */
  readonly isTerminal: boolean;
  /** Whether the text of a result may be coloured; a JSON document never is. */
  readonly useColor: boolean;
  /** Width of the terminal in columns; 100 when it is not known. */
  readonly columns: number;
  /** Calls back at the first Ctrl-C (SIGINT) or SIGTERM; a second one ends the process. Returns the undo. */
  readonly onInterrupt: (handler: () => void) => () => void;
  /** Sets and removes environment variables of this process. */
  readonly changeEnvironment: (set: { readonly [name: string]: string }, unset: readonly string[]) => void;
  readonly setExitCode: (code: number) => void;
}
