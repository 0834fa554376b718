// What became of the files that were chosen, where not all of them are asked for. Pure.

export interface Refused {
  name: string;
  /** A sentence. */
  why: string;
}

/// Names the files that are used and those that are not; empty where all are used.
export function remarkOf(used: string[], refused: Refused[], left: string[]): string {
  const [first] = refused;
  if (!first && left.length === 0) return '';
  if (first && refused.length === 1 && used.length === 0) return first.why;
  const all = used.length + refused.length + left.length;
  return [
    used.length > 0 ? `${used.length} of ${all} files are used: ${used.join(', ')}.` : `None of the ${all} files is used.`,
    ...refused.map(({ name, why }) => `${name}: ${why}`),
    left.length > 0 ? `One question takes ${used.length} pictures; left out: ${left.join(', ')}.` : '',
  ].filter(Boolean).join(' ');
}
