import { Box, render, Text, useInput, useStdout } from "ink";
import { useEffect, useState } from "react";
import { ReviewController, type ReviewEnd } from "./review-controller.js";
import type { ReviewDesk } from "./review-desk.js";
import { type FrameLine, reviewFrame } from "./review-frame.js";

export interface ReviewScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Where the screen is drawn. */
  readonly screen: NodeJS.WriteStream;
  readonly useColor: boolean;
  /** What to say first. */
  readonly warnings: readonly string[];
  /** Called with what ends the review from outside. */
  readonly onInterrupt: (handler: () => void) => () => void;
  /** Writes every frame whole, without moving the cursor; for tests. */
  readonly debug?: boolean;
}

const ALTERNATE_SCREEN_ON = "\u001b[?1049h";
const ALTERNATE_SCREEN_OFF = "\u001b[?1049l";
const FALLBACK = { columns: 80, rows: 24 };

/**
 * Shows items until the reviewer quits; the terminal is then as it was before.
 *
 * @throws what the desk throws: the screen is taken down first
 */
export async function showReviewScreen(desk: ReviewDesk, options: ReviewScreenOptions): Promise<ReviewEnd> {
  const { stdin, screen, warnings, onInterrupt, useColor, debug = false } = options;
  const controller = new ReviewController(desk, warnings);
  screen.write(ALTERNATE_SCREEN_ON);
  let stop: () => void = () => {};
  try {
    return await new Promise<ReviewEnd>((resolve, reject) => {
      const stopListening = onInterrupt(() => resolve("interrupted"));
      const view = render(
        <Screen controller={controller} useColor={useColor} onEnd={resolve} onFailure={reject} />,
        { stdin, stdout: screen, exitOnCtrlC: false, patchConsole: false, debug },
      );
      stop = () => {
        stopListening();
        view.unmount();
      };
    });
  } finally {
    stop();
    screen.write(ALTERNATE_SCREEN_OFF);
  }
}

function Screen({
  controller,
  useColor,
  onEnd,
  onFailure,
}: {
  readonly controller: ReviewController;
  readonly useColor: boolean;
  readonly onEnd: (end: ReviewEnd) => void;
  readonly onFailure: (error: unknown) => void;
}) {
  const { stdout } = useStdout();
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((count) => count + 1);
    stdout.on("resize", listener);
    return () => void stdout.off("resize", listener);
  }, [stdout]);
  useInput((input, key) => {
    try {
      const end = controller.press(input, key);
      if (end !== null) onEnd(end);
    } catch (error) {
      onFailure(error);
    }
    redraw((count) => count + 1);
  });
  const size = { columns: stdout.columns ?? FALLBACK.columns, rows: stdout.rows ?? FALLBACK.rows };
  const { lines, viewport } = reviewFrame(controller.desk, controller.state, size);
  controller.drawn(viewport);
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Line key={index} line={line} useColor={useColor} />
      ))}
    </Box>
  );
}

function Line({ line: { text, tone }, useColor }: { readonly line: FrameLine; readonly useColor: boolean }) {
  const shown = text === "" ? " " : text;
  if (!useColor || tone === "plain") return <Text wrap="truncate">{shown}</Text>;
  switch (tone) {
    case "title":
    case "keys":
    case "heading":
      return (
        <Text bold wrap="truncate">
          {shown}
        </Text>
      );
    case "dim":
      return (
        <Text dimColor wrap="truncate">
          {shown}
        </Text>
      );
    case "judged":
      return (
        <Text bold color="cyan" wrap="truncate">
          {shown}
        </Text>
      );
    case "said":
    case "note":
      return (
        <Text color="yellow" wrap="truncate">
          {shown}
        </Text>
      );
  }
}
