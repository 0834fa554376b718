// The question in the URL. Pure: parameters to Question and back, and to the API's Query.
import type { Query } from '../api/types';
import type { Box } from '../picture/crop';
import type { Page } from './route';

/// An item of the collection by its id, or an own picture by the key under which this tab keeps it.
export type Example = ({ id: number } | { own: string }) & { wanted: boolean };

export interface Question {
  examples: Example[];
  region: Box | undefined;
  k: number;
  /// Empty: the default space.
  space: string;
  where: string;
  fold: boolean;
  /// Read every row, even if the space has an index.
  exact: boolean;
  /// The answer, or all pictures, by their labels.
  byLabel: boolean;
}

export const counts = [10, 25, 50, 100, 250, 500, 1000];
export const noQuestion: Question = { examples: [], region: undefined, k: 50, space: '', where: '', fold: true, exact: false, byLabel: false };
const limits = { examples: 32, own: 8, where: 4000 };

export function parseQuestion(params: URLSearchParams): Question {
  const k = Math.round(Number(params.get('k')));
  return {
    examples: [
      ...ids(params.get('ids'), true), ...owns(params.get('own'), true),
      ...ids(params.get('not'), false), ...owns(params.get('notown'), false),
    ].slice(0, limits.examples),
    region: region(params.get('region')),
    k: k >= 1 && k <= 1000 ? k : noQuestion.k,
    space: params.get('space') ?? '',
    where: (params.get('where') ?? '').slice(0, limits.where),
    fold: params.get('fold') !== '0',
    exact: params.get('exact') === '1',
    byLabel: params.get('by') === 'label',
  };
}

/// Only differences from `noQuestion` are written, so that links stay short.
export function formatQuestion(question: Question): URLSearchParams {
  const params = new URLSearchParams();
  const list = (name: string, values: (string | number)[]) => values.length > 0 && params.set(name, values.join(','));
  const of = (wanted: boolean) => question.examples.filter((example) => example.wanted === wanted);
  list('ids', of(true).flatMap((example) => ('id' in example ? [example.id] : [])));
  list('own', of(true).flatMap((example) => ('own' in example ? [example.own] : [])));
  list('not', of(false).flatMap((example) => ('id' in example ? [example.id] : [])));
  list('notown', of(false).flatMap((example) => ('own' in example ? [example.own] : [])));
  if (question.region) list('region', question.region.map((side) => Number(side.toFixed(4))));
  if (question.k !== noQuestion.k) params.set('k', String(question.k));
  if (question.space) params.set('space', question.space);
  if (question.where) params.set('where', question.where);
  if (!question.fold) params.set('fold', '0');
  if (question.exact) params.set('exact', '1');
  if (question.byLabel) params.set('by', 'label');
  return params;
}

/// The API's Query, and the keys of the own pictures in the order in which it counts them.
export function queryOf(question: Question): { query: Query; own: string[] } {
  const own = [...new Set(question.examples.flatMap((example) => ('own' in example ? [example.own] : [])))];
  const examples = question.examples.map((example) =>
    'id' in example
      ? { id: example.id, positive: example.wanted }
      : { upload: own.indexOf(example.own), positive: example.wanted });
  const { region, k, space, where, fold, exact } = question;
  return { query: { examples, k, fold, exact, ...(region && { region }), ...(space && { space }), ...(where && { where }) }, own };
}

/// Whether the URL of the page has the question.
export function keepsQuestion(page: Page): boolean {
  return page === 'search' || page === 'map' || page === 'compare';
}

/// Whether there is something to ask: at least one positive picture.
export function asks(question: Question): boolean {
  return question.examples.some((example) => example.wanted);
}

export function sameExample(a: Example, b: Example): boolean {
  return 'id' in a ? 'id' in b && a.id === b.id : 'own' in b && a.own === b.own;
}

/// The question with `example` marked as it says; marked so already: without it.
export function marked(question: Question, example: Example): Question {
  const known = question.examples.find((other) => sameExample(other, example));
  const others = question.examples.filter((other) => other !== known);
  if (known?.wanted === example.wanted) return cropped({ ...question, examples: others }, question);
  if (others.length >= limits.examples) return question;
  return cropped({ ...question, examples: [...others, example] }, question);
}

/// A region belongs to the first positive picture and goes with it.
function cropped(next: Question, before: Question): Question {
  const first = (question: Question) => question.examples.find((example) => example.wanted);
  const [a, b] = [first(next), first(before)];
  return a && b && sameExample(a, b) ? next : { ...next, region: undefined };
}

/// Only this picture, with everything else as it was.
export function onlyAbout(question: Question, example: Example): Question {
  return { ...question, examples: [example], region: undefined };
}

function ids(text: string | null, wanted: boolean): Example[] {
  return words(text)
    .filter((word) => /^\d{1,16}$/.test(word) && Number(word) <= Number.MAX_SAFE_INTEGER)
    .map((word) => ({ id: Number(word), wanted }));
}

function owns(text: string | null, wanted: boolean): Example[] {
  return words(text).filter((word) => /^[a-z0-9]{1,16}$/.test(word)).slice(0, limits.own).map((own) => ({ own, wanted }));
}

function region(text: string | null): Box | undefined {
  const sides = words(text).map(Number);
  const [x, y, width, height] = sides;
  if (sides.length !== 4 || x === undefined || y === undefined || !width || !height) return undefined;
  const inside = sides.every((side) => side >= 0 && side <= 1) && x + width <= 1.0001 && y + height <= 1.0001;
  return inside ? [x, y, width, height] : undefined;
}

function words(text: string | null): string[] {
  return text ? text.split(',') : [];
}
