// How answers of several spaces to one query agree. Pure.
import type { Results } from '../api/types';

export interface Agreement {
  /// Of each item: its rank in each answer, in their order; undefined where it is not among them.
  ranks: Map<number, (number | undefined)[]>;
  /// Of each item that several answers have: its number, from 1, by the best of its ranks.
  ties: Map<number, number>;
  /// How many items all answers have.
  inAll: number;
}

export function agreementOf(answers: (Results | undefined)[]): Agreement {
  const ranks: Agreement['ranks'] = new Map();
  answers.forEach((answer, place) => {
    for (const { item, rank } of answer?.results ?? []) {
      const known = ranks.get(item.id) ?? answers.map(() => undefined);
      known[place] = rank;
      ranks.set(item.id, known);
    }
  });
  const shared = [...ranks].filter(([, of]) => of.filter(isRank).length > 1);
  const best = (of: (number | undefined)[]) => Math.min(...of.filter(isRank));
  shared.sort(([a, x], [b, y]) => best(x) - best(y) || a - b);
  return {
    ranks,
    ties: new Map(shared.map(([id], index) => [id, index + 1])),
    inAll: shared.filter(([, of]) => of.every(isRank)).length,
  };
}

function isRank(rank: number | undefined): rank is number {
  return rank !== undefined;
}
