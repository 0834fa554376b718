// The filters of the search page as an expression of `alike search --where`, and back.

export interface Filters {
  /// Each holds for the folders below it, too.
  labels: string[];
  /// Part of the path; % stands for any text.
  path: string;
  /// Pixels.
  minWidth: number | undefined;
  minHeight: number | undefined;
  /// Bytes.
  minSize: number | undefined;
  maxSize: number | undefined;
  /// Days, "2026-01-31", the first and the last of them taken.
  from: string;
  to: string;
}

export const noFilters: Filters = {
  labels: [], path: '', minWidth: undefined, minHeight: undefined, minSize: undefined, maxSize: undefined, from: '', to: '',
};

/// A text of the expression language: in double quotes, those inside doubled.
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export function writeWhere(filters: Filters): string {
  const labels = filters.labels.map((label) => `label = ${quoted(label)}`).join(' or ');
  const parts = [
    filters.labels.length > 1 ? `(${labels})` : labels,
    filters.path && `path like ${quoted(`%${filters.path}%`)}`,
    number('width >=', filters.minWidth),
    number('height >=', filters.minHeight),
    number('size >=', filters.minSize),
    number('size <=', filters.maxSize),
    filters.from && `modified >= ${quoted(filters.from)}`,
    filters.to && `modified < ${quoted(dayAfter(filters.to))}`,
  ];
  return parts.filter(Boolean).join(' and ');
}

/// The filters that `writeWhere` made this of; nothing for an expression that someone wrote freely.
export function readWhere(where: string): Filters | undefined {
  const filters = { ...noFilters, labels: [] as string[] };
  for (const [field, operator, value] of comparisons(where)) {
    const digits = Number(value);
    if (field === 'label' && operator === '=') filters.labels.push(value);
    else if (field === 'path') filters.path = value.replace(/^%|%$/g, '');
    else if (field === 'width') filters.minWidth = digits;
    else if (field === 'height') filters.minHeight = digits;
    else if (field === 'size') filters[operator === '>=' ? 'minSize' : 'maxSize'] = digits;
    else if (field === 'modified' && operator === '>=') filters.from = value;
    else if (field === 'modified') filters.to = dayAfter(value, -1);
  }
  return writeWhere(filters) === where ? filters : undefined;
}

/// How many kinds of filters are in use.
export function countFilters(filters: Filters): number {
  const { labels, path, minWidth, minHeight, minSize, maxSize, from, to } = filters;
  return [labels.length, path, minWidth ?? minHeight, minSize ?? maxSize, from || to].filter(Boolean).length;
}

function number(field: string, value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : `${field} ${Math.round(value)}`;
}

function* comparisons(where: string): Generator<[string, string, string]> {
  const pattern = /(\w+) (=|>=|<=|<|like) (?:"((?:[^"]|"")*)"|(\d+))/g;
  for (const [, field = '', operator = '', text, digits] of where.matchAll(pattern)) {
    yield [field, operator, text?.replaceAll('""', '"') ?? digits ?? ''];
  }
}

function dayAfter(day: string, days = 1): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
