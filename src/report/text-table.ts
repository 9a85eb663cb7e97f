export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Lays rows out in columns of the width that they need, two spaces apart. The first line holds the titles. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, lengthOf(row[index] ?? "")), column.title.length),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? "";
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)));
        return column.align === "right" ? padding + cell : cell + padding;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
