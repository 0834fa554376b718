// Which pictures are selected, by id.

/**
 * The selection after `ids` were chosen: they alone, or, to `add`, they too; if they were
 * selected already, adding them takes them away.
 */
export function select(selected: readonly number[], ids: number[], add: boolean): number[] {
  if (!add) return ids;
  const chosen = new Set(ids);
  const others = selected.filter((id) => !chosen.has(id));
  const all = others.length + chosen.size === selected.length;
  return all ? others : [...others, ...ids];
}
