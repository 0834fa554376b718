import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, bytesOf } from './client';
import { Problem, problemOf } from './problem';

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' } });
const refusal = (status: number, code: string) => json({ type: 'about:blank', title: 'No', status, code, detail: 'Because.' }, status);
const answers = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  vi.stubGlobal('fetch', answers);
});
afterEach(() => {
  answers.mockReset();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the client', () => {
  it('makes a Problem of a problem document', async () => {
    answers.mockResolvedValue(refusal(404, 'not_found'));
    await expect(api.item('a', 1)).rejects.toMatchObject({ code: 'not_found', detail: 'Because.', status: 404 });
  });
  it('makes a Problem of a page of something else', async () => {
    answers.mockResolvedValue(new Response('<html>', { status: 502 }));
    await expect(api.item('a', 1)).rejects.toBeInstanceOf(Problem);
  });
  it('tries GET again while the server is busy', async () => {
    answers.mockResolvedValueOnce(refusal(503, 'overloaded')).mockResolvedValueOnce(json({ jobs: [] }));
    await expect(api.jobs()).resolves.toEqual([]);
    expect(answers).toHaveBeenCalledTimes(2);
  });
  it('never sends anything else twice', async () => {
    answers.mockResolvedValue(refusal(503, 'overloaded'));
    await expect(api.startJob('a', { kind: 'map' })).rejects.toMatchObject({ code: 'overloaded' });
    expect(answers).toHaveBeenCalledTimes(1);
  });
  it('tells why bytes do not come', async () => {
    answers.mockResolvedValue(refusal(404, 'not_found'));
    await expect(bytesOf('http://a/b')).rejects.toMatchObject({ detail: 'Because.', status: 404 });
  });
  it('sends own pictures as parts', async () => {
    answers.mockResolvedValue(json({ results: [] }));
    await api.search('a', { examples: [{ upload: 0, positive: true }], k: 5, fold: false, exact: false }, [new Blob(['x'])], new AbortController().signal);
    const sent = answers.mock.calls[0]?.[0];
    expect(sent?.headers.get('Content-Type')).toMatch(/^multipart\/form-data; boundary=/);
  });
});

describe('a problem', () => {
  it('of no answer says so', () => expect(problemOf(new TypeError('fetch failed')).code).toBe('unreachable'));
  it('is never a stack trace', () => expect(problemOf({ stack: 'at x' }, 500).detail).toBe('The server answered with status 500.'));
});
