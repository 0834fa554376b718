// The result of a `bench` job, checked, since the schema leaves the result of a job open. Pure.
import { milliseconds } from '../state/format';

/// One kind of index, measured on the collection's own rows.
export interface BenchLine {
  index: string;
  /// The recall that it was set to reach; null: it has none to set.
  aim: number | null;
  recall: number;
  p50_ms: number;
  p99_ms: number;
  queries_per_second: number;
  memory_bytes: number;
  build_seconds: number;
}

export interface Bench {
  space: string;
  k: number;
  /// The kind that answers now.
  auto: string;
  /// Share of the neighbours that `fastest_one` was to find.
  recall_wanted: number;
  /// The line that answers a single question soonest and finds enough; null: none finds enough.
  fastest_one: Pick<BenchLine, 'index' | 'aim'> | null;
  lines: BenchLine[];
}

const numbers = ['recall', 'p50_ms', 'p99_ms', 'queries_per_second', 'memory_bytes', 'build_seconds'];

function isLine(value: unknown): value is BenchLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Record<string, unknown>;
  return typeof line['index'] === 'string' && numbers.every((name) => typeof line[name] === 'number');
}

export function benchOf(result: Record<string, unknown> | undefined): Bench | undefined {
  if (!result) return undefined;
  const { space, k, auto, recall_wanted, fastest_one, lines } = result as Partial<Bench>;
  if (typeof space !== 'string' || typeof k !== 'number' || typeof auto !== 'string') return undefined;
  if (!Array.isArray(lines) || !lines.every(isLine)) return undefined;
  return { space, k, auto, recall_wanted: recall_wanted ?? 1, fastest_one: fastest_one ?? null, lines };
}

/// The line that answers now: of several of one kind the first, as the index was built.
export function chosenLine({ auto, lines }: Bench): BenchLine | undefined {
  return lines.find(({ index }) => index === auto);
}

export function fastestLine({ fastest_one: one, lines }: Bench): BenchLine | undefined {
  return one ? lines.find(({ index, aim }) => index === one.index && aim === one.aim) : undefined;
}

/// "finds 98.2 %, 0.3 ms": the first line of that kind, which is how it is built; nothing where it was not measured.
export function figuresOf(bench: Bench | undefined, index: string): string {
  const line = bench?.lines.find((one) => one.index === index);
  return line ? `finds ${foundShare(line.recall)}, ${milliseconds(line.p50_ms)}` : '';
}

export function foundShare(recall: number): string {
  return `${(100 * recall).toFixed(recall === 1 ? 0 : 1)} %`;
}
