// The damage found by a `verify` job, checked, since the schema leaves the result of a job open. Pure.

export interface Damage {
  file: string;
  what: string;
}

export function damageOf(result: Record<string, unknown> | undefined): Damage[] {
  const damage = result?.['damage'];
  if (!Array.isArray(damage)) return [];
  return damage.map((value: unknown) => {
    const { file, what } = (value ?? {}) as Partial<Record<string, unknown>>;
    return { file: String(file ?? ''), what: String(what ?? '') };
  });
}
