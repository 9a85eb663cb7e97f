import { Box, render, Text } from "ink";
import { useEffect, useState } from "react";
import { etaMs, formatCost, formatDuration, type ProgressState } from "./progress-state.js";

const FRAME_MS = 100;
const BAR_WIDTH = 30;
const RUNNING_SHOWN = 4;

/**
 * Draws the live view on stderr until the returned function is called; the last frame is erased, so that
 * the summary on stdout stands alone.
 */
export function startLiveView(state: () => ProgressState): () => void {
  const view = render(<LiveView state={state} />, {
    stdout: process.stderr,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return () => {
    view.clear();
    view.unmount();
  };
}

function LiveView({ state }: { readonly state: () => ProgressState }) {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), FRAME_MS);
    return () => clearInterval(timer);
  }, []);
  const current = state();
  const hidden = current.running.length - RUNNING_SHOWN;
  return (
    <Box flexDirection="column">
      <Text>
        <Bar done={current.done} total={current.total} /> {current.done}/{current.total}{" "}
        <Text color="green">{current.passed} passed</Text> <Text color="red">{current.failed} failed</Text>{" "}
        {current.errors > 0 ? <Text color="yellow">{current.errors} errors </Text> : null}
        <Text dimColor>
          {formatCost(current.costUsd)}, {formatDuration(now - current.startedMs)},{" "}
          {formatDuration(etaMs(current, now))} left
        </Text>
      </Text>
      {current.running.length > 0 ? (
        <Text dimColor>
          running {current.running.slice(0, RUNNING_SHOWN).join(", ")}
          {hidden > 0 ? ` and ${hidden} more` : ""}
        </Text>
      ) : null}
      {current.lastFailures.length > 0 ? (
        <Text color="red">not passed {current.lastFailures.join(", ")}</Text>
      ) : null}
    </Box>
  );
}

function Bar({ done, total }: { readonly done: number; readonly total: number }) {
  const filled = total === 0 ? BAR_WIDTH : Math.round((done / total) * BAR_WIDTH);
  return (
    <Text>
      <Text color="cyan">{"█".repeat(filled)}</Text>
      <Text dimColor>{"░".repeat(BAR_WIDTH - filled)}</Text>
    </Text>
  );
}
