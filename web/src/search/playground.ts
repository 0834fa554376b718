// The search score of the ConvNet Playground for one query.

/// How many results count.
export const counted = 15;

/// 100 Σ w(i) over the results of the label ÷ Σ w(i), w(i) = (15 − i)/15 for i from 0 over the first
/// 15 labels, the query not among them. Nothing where there is no result.
export function playgroundScore(label: string, resultLabels: string[]): number | undefined {
  const labels = resultLabels.slice(0, counted);
  if (labels.length === 0) return undefined;
  const weight = (rank: number) => (counted - rank) / counted;
  const all = labels.reduce((sum, _, rank) => sum + weight(rank), 0);
  const same = labels.reduce((sum, other, rank) => sum + (other === label ? weight(rank) : 0), 0);
  return (100 * same) / all;
}
