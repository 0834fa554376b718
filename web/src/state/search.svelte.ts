// The search page's question, which is the URL, and the answer to it.
import { api } from '../api/client';
import type { Results } from '../api/types';
import { announcer } from './announce.svelte';
import { Loader } from './loader.svelte';
import { ownPictures } from './own_pictures.svelte';
import { asks, formatQuestion, keepsQuestion, marked, onlyAbout, parseQuestion, queryOf, type Example, type Question } from './question';
import type { Page, Route } from './route';
import { router } from './router.svelte';

const remembered = 20;

class Search extends Loader<Results> {
  question: Question = $derived(parseQuestion(router.route.params));
  #last = new Map<string, URLSearchParams>();
  #answers = new Map<string, Promise<Results>>();
  #asked = '';
  #abort = new AbortController();

  /// Asks the question of the URL. Earlier answers come at once, so that back is instant; a question
  /// that is on its way is not asked twice, any other is given up.
  async ask(collection: string, question: Question): Promise<void> {
    const name = `${collection}?${JSON.stringify(queryOf(question))}`;
    if (name !== this.#asked) {
      this.#abort.abort();
      this.#abort = new AbortController();
    }
    this.#asked = name;
    if (!asks(question)) return this.clear();
    await this.load(() => this.#answers.get(name) ?? this.#answer(name, collection, question));
    if (this.value && !this.problem) announcer.say(countSentence(this.value));
  }

  /// Earlier answers may not hold any more.
  forget() {
    this.#answers.clear();
  }

  /// Shows another question; `instead` of this one where it is only a little different.
  show(question: Question, instead = false) {
    const collection = router.route.collection;
    router[instead ? 'replace' : 'go']('search', collection, [], formatQuestion(question));
  }

  change(part: Partial<Question>, instead = false) {
    this.show({ ...this.question, ...part }, instead);
  }

  about(example: Example) {
    this.show(onlyAbout(this.question, example));
  }

  mark(example: Example) {
    this.show(marked(this.question, example));
  }

  /// The question of a route is the one of its collection until it asks another.
  remember({ page, collection, params }: Route) {
    if (collection && keepsQuestion(page)) this.#last.set(collection, formatQuestion(parseQuestion(params)));
  }

  /// The parameters of a page's link: the question that is asked now, or was asked last.
  paramsFor(page: Page, collection: string): URLSearchParams | undefined {
    if (!keepsQuestion(page)) return undefined;
    const { page: here, collection: current, params } = router.route;
    return current === collection && keepsQuestion(here) ? formatQuestion(parseQuestion(params)) : this.#last.get(collection);
  }

  visit(page: Page, collection: string) {
    router.go(page, collection, [], this.paramsFor(page, collection));
  }

  #answer(name: string, collection: string, question: Question): Promise<Results> {
    const answer = send(collection, question, this.#abort.signal);
    this.#answers.set(name, answer);
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > remembered && oldest !== undefined) this.#answers.delete(oldest);
    // A failed or abandoned request is made anew the next time.
    answer.catch(() => {
      if (this.#answers.get(name) === answer) this.#answers.delete(name);
    });
    return answer;
  }
}

export const search = new Search();

async function send(collection: string, question: Question, signal: AbortSignal): Promise<Results> {
  const { query, own } = queryOf(question);
  return api.search(collection, query, await ownPictures.find(own), signal);
}

export function countSentence({ results, relevant, relevance_line }: Results): string {
  if (results.length === 0) return 'No results';
  const count = results.length === 1 ? '1 result' : `${results.length.toLocaleString('en')} results`;
  return relevance_line === null ? count : `${count}, ${relevant.toLocaleString('en')} above the relevance line`;
}
