import { Box, render, useInput, useStdin, useStdout } from "ink";
import { useEffect, useState } from "react";
import { Line } from "../live-view.js";
import { type ReleaseDesk, ReleaseKeys } from "./release-keys.js";

const ALTERNATE_SCREEN_ON = "\u001b[?1049h";
const ALTERNATE_SCREEN_OFF = "\u001b[?1049l";
const FALLBACK = { columns: 80, rows: 24 };

export interface ReleaseViewOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Where the screen is drawn. */
  readonly screen: NodeJS.WriteStream;
  readonly useColor: boolean;
  /** Ends the view, whatever happens on it. */
  readonly signal: AbortSignal;
  /** Told how to draw again, whenever the desk has something new. */
  readonly onChange: (draw: () => void) => () => void;
  /** Writes every frame whole, without moving the cursor; for tests. */
  readonly debug?: boolean;
}

/** Shows a release until somebody leaves or the signal comes; the terminal is then as it was before. */
export async function showRelease(desk: ReleaseDesk, options: ReleaseViewOptions): Promise<void> {
  const { stdin, screen, signal, debug = false } = options;
  if (signal.aborted) return;
  const keys = new ReleaseKeys(desk);
  screen.write(ALTERNATE_SCREEN_ON);
  let stop: () => void = () => {};
  try {
    await new Promise<void>((resolve) => {
      const view = render(<ReleaseView keys={keys} options={options} onQuit={resolve} />, {
        stdin,
        stdout: screen,
        exitOnCtrlC: false,
        patchConsole: false,
        debug,
      });
      const listener = () => resolve();
      signal.addEventListener("abort", listener);
      stop = () => {
        signal.removeEventListener("abort", listener);
        view.unmount();
      };
    });
  } finally {
    stop();
    screen.write(ALTERNATE_SCREEN_OFF);
  }
}

function ReleaseView({
  keys,
  options: { onChange, useColor },
  onQuit,
}: {
  readonly keys: ReleaseKeys;
  readonly options: ReleaseViewOptions;
  readonly onQuit: () => void;
}) {
  const { stdout } = useStdout();
  const { isRawModeSupported } = useStdin();
  const [, redraw] = useState(0);
  const draw = () => redraw((count) => count + 1);
  useEffect(() => {
    const again = () => redraw((count) => count + 1);
    const stopListening = onChange(again);
    stdout.on("resize", again);
    return () => {
      stopListening();
      stdout.off("resize", again);
    };
  }, [stdout, onChange]);
  useInput(
    (input, key) => {
      void keys.press(input, key).then((end) => {
        if (end === "quit") onQuit();
        draw();
      });
      draw();
    },
    // Undefined where stdin is no terminal, which ink takes for active.
    { isActive: isRawModeSupported === true },
  );
  const size = { columns: stdout.columns ?? FALLBACK.columns, rows: stdout.rows ?? FALLBACK.rows };
  return (
    <Box flexDirection="column">
      {keys.frame(size).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Line key={index} line={line} useColor={useColor} />
      ))}
    </Box>
  );
}
