// The matrix of spaces and measures, sorted. Pure.
import type { Scores } from '../api/types';

export type ScoreRow = Scores['rows'][number];

/// The rows by a measure, the largest first; those without it last.
export function sortedRows(rows: ScoreRow[], measure: string): ScoreRow[] {
  const value = (row: ScoreRow) => row.values[measure]?.value ?? -Infinity;
  return [...rows].sort((a, b) => value(b) - value(a) || a.space.localeCompare(b.space));
}

/// The largest value of each measure among the spaces that can be adopted.
export function bestOf(rows: ScoreRow[], measure: string): number | undefined {
  const values = rows.flatMap((row) => (row.baseline ? [] : [row.values[measure]?.value ?? []])).flat();
  return values.length > 0 ? Math.max(...values) : undefined;
}

/// Whether the interval of `row` reaches the best value: then the difference may be chance.
export function isAsGood(row: ScoreRow, measure: string, best: number | undefined): boolean {
  const entry = row.values[measure];
  return best !== undefined && entry !== undefined && (entry.high ?? entry.value ?? -Infinity) >= best;
}

/// "0.313" of shares, "63.2" of values larger than 1.
export function measured(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return Math.abs(value) > 1.5 ? value.toFixed(1) : value.toFixed(3);
}

export function meanOf(values: number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
