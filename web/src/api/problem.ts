// The one kind of error the pages show: the server's problem, or the reason for no answer.

import type { Remedy } from './types';

/// Code of a Problem that no server sent: nothing answered.
export const unreachable = 'unreachable';

export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly status = 0,
    /// A command that helps, to be typed where the server runs.
    readonly remedy?: Remedy,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  /// Whether asking the same again may end otherwise.
  get mayPass(): boolean {
    return this.status < 400 || this.status === 429 || this.status >= 500;
  }
}

/// A Problem of any exception or answer. Never shows a stack trace or a page of HTML.
export function problemOf(cause: unknown, status = 0): Problem {
  if (cause instanceof Problem) return cause;
  if (isDocument(cause)) {
    return new Problem(cause.code, cause.title ?? 'It did not work', cause.detail, cause.status ?? status, cause.remedy);
  }
  if (cause instanceof TypeError) {
    return new Problem(unreachable, 'The server does not answer', 'It may have been stopped. The page tries again by itself.');
  }
  return new Problem('unexpected', 'It did not work', status ? `The server answered with status ${status}.` : textOf(cause));
}

/// The sentence of a problem, and the command that helps, where there is one.
export function sentenceOf(problem: Problem): string {
  const command = commandOf(problem);
  return command ? `${problem.detail}; ${problem.remedy?.purpose ?? ''}: ${command}` : problem.detail;
}

/// The command of a remedy as it is typed.
export function commandOf(problem: Problem): string | undefined {
  const quoted = (word: string) => /^[\w./:=+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  return problem.remedy && ['alike', problem.remedy.verb, ...problem.remedy.arguments.map(quoted)].join(' ');
}

/// Whether this is only the end of an abandoned request.
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}

interface Document {
  code: string;
  detail: string;
  title?: string;
  status?: number;
  remedy?: Remedy;
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && typeof value.detail === 'string';
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'Something unexpected happened.';
}
