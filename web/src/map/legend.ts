// Which classes are shown. Hidden ones are given by place.

type Hidden = ReadonlySet<number>;

/** Hides shown classes and shows hidden ones. */
export function toggle(hidden: Hidden, place: number): Set<number> {
  const after = new Set(hidden);
  if (!after.delete(place)) after.add(place);
  return after;
}

/** Shows this class only; all of them if it is the only one already. */
export function solo(hidden: Hidden, place: number, classes: number): Set<number> {
  if (hidden.size === classes - 1 && !hidden.has(place)) return new Set();
  return new Set(Array.from({ length: classes }, (_, i) => i).filter((i) => i !== place));
}

/** Places of the classes, the largest first. */
export function bySize(classes: readonly { count: number }[]): number[] {
  return classes.map((_, place) => place).sort((a, b) => classes[b]!.count - classes[a]!.count);
}
