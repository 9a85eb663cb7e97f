/** Labels of a series, in the order they are written. */
export type Labels = Readonly<Record<string, string>>;

/** A series of one name: its labels and its value. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A histogram with upper bounds of buckets in rising order, `+Inf` left out. */
export interface HistogramSample {
  readonly labels: Labels;
  readonly bounds: readonly number[];
  /** Values at or below each bound, not cumulative; the last is of those above all bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/**
 * Lines of a counter or a gauge in the text format of Prometheus.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderSamples(
  name: string,
  type: "counter" | "gauge",
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(({ labels, value }) => `${name}${renderLabels(labels)} ${renderValue(value)}`);
  return [...headerOf(name, type, help), ...lines, ""].join("\n");
}

/** Lines of histograms in the text format of Prometheus. */
export function renderHistograms(name: string, help: string, samples: readonly HistogramSample[]): string {
  const lines = samples.flatMap(({ labels, bounds, counts, sum }) => {
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      const bound = bounds[index];
      const le = bound === undefined ? "+Inf" : String(bound);
      return `${name}_bucket${renderLabels({ ...labels, le })} ${total}`;
    });
    const plain = renderLabels(labels);
    return [...buckets, `${name}_sum${plain} ${renderValue(sum)}`, `${name}_count${plain} ${total}`];
  });
  return [...headerOf(name, "histogram", help), ...lines, ""].join("\n");
}

function headerOf(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function renderValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
