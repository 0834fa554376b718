// The search page's question, which is the URL, and the answer to it.
import { api } from '../api/client';
import type { Results } from '../api/types';
import { announcer } from './announce.svelte';
import { Loader } from './loader.svelte';
import { ownPictures } from './own_pictures.svelte';
import { asks, formatQuestion, marked, onlyAbout, parseQuestion, queryOf, type Example, type Question } from './question';
import { router } from './router.svelte';

const remembered = 20;

class Search extends Loader<Results> {
  question: Question = $derived(parseQuestion(router.route.params));
  #answers = new Map<string, Results>();
  #abort = new AbortController();

  /// Asks the question of the URL. Earlier answers come at once, so that back is instant.
  ask(collection: string, question: Question): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    if (!asks(question)) {
      this.clear();
      return Promise.resolve();
    }
    const { signal } = this.#abort;
    return this.load(() => this.#answer(collection, question, signal));
  }

  /// What was answered may not hold any more.
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

  async #answer(collection: string, question: Question, signal: AbortSignal): Promise<Results> {
    const name = `${collection}?${formatQuestion(question)}`;
    const known = this.#answers.get(name);
    if (known) return known;
    const { query, own } = queryOf(question);
    const results = await api.search(collection, query, await ownPictures.find(own), signal);
    this.#answers.set(name, results);
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > remembered && oldest !== undefined) this.#answers.delete(oldest);
    announcer.say(countSentence(results));
    return results;
  }
}

export const search = new Search();

export function countSentence({ results, relevant, relevance_line }: Results): string {
  if (results.length === 0) return 'No results';
  const count = results.length === 1 ? '1 result' : `${results.length.toLocaleString('en')} results`;
  return relevance_line === null ? count : `${count}, ${relevant.toLocaleString('en')} above the relevance line`;
}
