import { Box, render, Text, useInput, useStdin, useStdout } from "ink";
import { useEffect, useState } from "react";
import type { LiveController } from "./live-controller.js";
import type { FrameLine } from "./live-frame.js";

const FRAME_MS = 100;
const FALLBACK = { columns: 80, rows: 24 };

export interface LiveViewOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Where the view is drawn. */
  readonly screen: NodeJS.WriteStream;
  readonly useColor: boolean;
  /** Writes every frame whole, without moving the cursor; for tests. */
  readonly debug?: boolean;
}

/**
 * Draws the live view until the returned function is called; the last frame is erased, so that the summary on stdout stands
 * alone.
 */
export function startLiveView(
  controller: LiveController,
  { stdin, screen, useColor, debug = false }: LiveViewOptions,
): () => void {
  const view = render(<LiveView controller={controller} useColor={useColor} />, {
    stdin,
    stdout: screen,
    exitOnCtrlC: false,
    patchConsole: false,
    debug,
  });
  return () => {
    view.clear();
    view.unmount();
  };
}

function LiveView({
  controller,
  useColor,
}: {
  readonly controller: LiveController;
  readonly useColor: boolean;
}) {
  const { stdout } = useStdout();
  const { isRawModeSupported } = useStdin();
  const [, redraw] = useState(0);
  const draw = () => redraw((count) => count + 1);
  useEffect(() => {
    const again = () => redraw((count) => count + 1);
    const timer = setInterval(again, FRAME_MS);
    stdout.on("resize", again);
    return () => {
      clearInterval(timer);
      stdout.off("resize", again);
    };
  }, [stdout]);
  const size = { columns: stdout.columns ?? FALLBACK.columns, rows: stdout.rows ?? FALLBACK.rows };
  useInput((input, key) => void controller.press(input, key, size.rows).then(draw), {
    // Undefined where stdin is no terminal, which ink takes for active.
    isActive: isRawModeSupported === true,
  });
  return (
    <Box flexDirection="column">
      {controller.frame(size).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Line key={index} line={line} useColor={useColor} />
      ))}
    </Box>
  );
}

/** One line of a frame, cut to the window. */
export function Line({
  line: { text, color },
  useColor,
}: {
  readonly line: FrameLine;
  readonly useColor: boolean;
}) {
  const shown = text === "" ? " " : text;
  if (!useColor || color === "plain") return <Text wrap="truncate">{shown}</Text>;
  return color === "dim" ? (
    <Text dimColor wrap="truncate">
      {shown}
    </Text>
  ) : (
    <Text color={color} wrap="truncate">
      {shown}
    </Text>
  );
}
