import { count } from '../state/format';

function number(result: object, name: string): number {
  const value = (result as Record<string, unknown>)[name];
  return typeof value === 'number' ? value : 0;
}

/** What an index job kept although its files are not there, as sentences. */
export function keptOf(result: unknown): string[] {
  if (typeof result !== 'object' || result === null) return [];
  const missing = number(result, 'missing');
  const away = number(result, 'away');
  return [
    ...(missing > 0
      ? [`${count(missing, 'picture')} not in the folder any more, kept in case their disk is away. Update once more to drop them.`]
      : []),
    ...(away > 0 ? [`${count(away, 'picture')} of disks that are not mounted, kept until they are back.`] : []),
  ];
}
