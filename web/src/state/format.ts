// Numbers as people read them.

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${power > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}

export function count(value: number, word = ''): string {
  const text = value.toLocaleString('en');
  return word ? `${text} ${word}${value === 1 ? '' : 's'}` : text;
}

/// Of seconds: "8 s", "2 min 5 s", "3 h 10 min".
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function milliseconds(value: number): string {
  if (value > 0 && value < 0.1) return `${Number((1000 * value).toPrecision(2))} µs`;
  return value < 10 ? `${value.toFixed(1)} ms` : value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/// A day, and for times that matter the minute; milliseconds since 1970.
export function date(value: number, withTime = false): string {
  const when = new Date(value);
  return withTime
    ? when.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    : when.toLocaleDateString(undefined, { dateStyle: 'medium' });
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/// The last part of a path.
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
