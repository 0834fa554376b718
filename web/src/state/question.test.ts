import { describe, expect, it } from 'vitest';
import { asks, formatQuestion, marked, noQuestion, onlyAbout, parseQuestion, queryOf } from './question';

const parse = (text: string) => parseQuestion(new URLSearchParams(text));

describe('a question in the URL', () => {
  it('is short when nothing is special', () => {
    expect(formatQuestion(noQuestion).toString()).toBe('');
  });
  it('comes back as it was written', () => {
    const text = 'ids=7,12&own=a1&not=9&notown=b2&region=0.1,0.2,0.5,0.5&k=100&space=s&where=width+%3E+8&fold=0&exact=1';
    expect(formatQuestion(parse(text)).toString().replaceAll('%2C', ',')).toBe(text);
  });
  it('leaves out words without sense', () => {
    const question = parse('ids=7,x,-1,99999999999999999999,8&own=A!,ok&k=0&region=0.9,0,0.5,1');
    expect(question.examples).toEqual([{ id: 7, wanted: true }, { id: 8, wanted: true }, { own: 'ok', wanted: true }]);
    expect(question.k).toBe(50);
    expect(question.region).toBeUndefined();
    for (const region of ['0,0,0,1', 'a,b,c,d', '0,0,1', '-1,0,1,1']) expect(parse(`region=${region}`).region).toBeUndefined();
  });
  it('bounds examples and expression', () => {
    const many = parse(`ids=${Array.from({ length: 99 }, (_, i) => i).join(',')}&where=${'x'.repeat(10_000)}`);
    expect(many.examples).toHaveLength(32);
    expect(many.where).toHaveLength(4000);
  });
});

describe('a question as a query', () => {
  it('counts own pictures from 0, each once', () => {
    const { query, own } = queryOf(parse('ids=7&own=a,b&notown=a'));
    expect(own).toEqual(['a', 'b']);
    expect(query.examples).toEqual([
      { id: 7, positive: true }, { upload: 0, positive: true }, { upload: 1, positive: true }, { upload: 0, positive: false }]);
  });
  it('leaves out empty fields', () => {
    expect(Object.keys(queryOf(parse('ids=1')).query).sort()).toEqual(['exact', 'examples', 'fold', 'k']);
  });
});

describe('marking examples', () => {
  it('adds, turns and takes away', () => {
    const wanted = marked(parse('ids=1'), { id: 2, wanted: true });
    expect(wanted.examples).toHaveLength(2);
    const turned = marked(wanted, { id: 2, wanted: false });
    expect(turned.examples.at(-1)).toEqual({ id: 2, wanted: false });
    expect(marked(turned, { id: 2, wanted: false }).examples).toHaveLength(1);
  });
  it('drops the region with the picture it belongs to', () => {
    const question = parse('ids=1,2&region=0,0,0.5,0.5');
    expect(marked(question, { id: 2, wanted: true }).region).toBeDefined();
    expect(marked(question, { id: 1, wanted: true }).region).toBeUndefined();
    expect(onlyAbout(question, { id: 2, wanted: true })).toMatchObject({ region: undefined, k: 50 });
  });
  it('asks only with a positive picture', () => {
    expect(asks(parse('not=1'))).toBe(false);
    expect(asks(parse('not=1&own=a'))).toBe(true);
  });
});
