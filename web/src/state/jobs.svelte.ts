// All jobs of the server, kept up to date by one stream for the tab.
import { api } from '../api/client';
import { follow, hasEnded, withJob } from '../api/events';
import { presence } from '../api/presence.svelte';
import type { Job } from '../api/types';
import { eventsUrl } from '../api/urls';
import { announcer } from './announce.svelte';
import { collections } from './collections.svelte';
import { Loader } from './loader.svelte';
import { search } from './search.svelte';

const again_ms = 5000;
/// The server keeps its numbers of a collection for a second; changes by a job may not be in them at once.
const fresh_ms = 1100;

class Jobs extends Loader<Job[]> {
  all: Job[] = $derived(this.value ?? []);
  running: Job[] = $derived(this.all.filter((job) => !hasEnded(job)));
  #stop: (() => void) | undefined;
  #events = 0;
  /// Number of the last event about each job.
  #told = new Map<number, number>();

  /// Begins, or begins anew; a stream that the server refuses is asked for again after a while.
  start() {
    this.stop();
    let timer = 0;
    const end = follow(eventsUrl, {
      job: (job) => {
        this.#told.set(job.id, ++this.#events);
        this.#put(job);
      },
      open: () => void this.refresh(),
      broken: (refused) => {
        if (refused) timer = window.setTimeout(() => this.start(), again_ms);
        void presence.doubt();
      },
    });
    this.#stop = () => {
      clearTimeout(timer);
      end();
    };
  }

  stop() {
    this.#stop?.();
    this.#stop = undefined;
  }

  refresh(): Promise<void> {
    const asked = this.#events;
    return this.load(async () => {
      const all = await api.jobs();
      return all.map((job) => (this.#isOld(job, asked) ? (this.all.find((one) => one.id === job.id) ?? job) : job));
    });
  }

  /// Takes over a job as the server answers it, unless the stream told of it meanwhile: that is newer.
  async take(ask: () => Promise<Job>): Promise<void> {
    const asked = this.#events;
    const job = await ask();
    if (!this.#isOld(job, asked)) this.#put(job);
  }

  #isOld(job: Job, asked: number): boolean {
    return (this.#told.get(job.id) ?? 0) > asked;
  }

  #put(job: Job) {
    const before = this.all.find((other) => other.id === job.id);
    this.value = withJob(this.all, job);
    if (!hasEnded(job) || (before && hasEnded(before))) return;
    announcer.say(`${job.title ?? job.kind}: ${job.state}`);
    search.forget();
    void collections.refresh();
    setTimeout(() => void collections.refresh(), fresh_ms);
  }

  of(collection: string): Job[] {
    return this.all.filter((job) => job.collection === collection);
  }
}

export const jobs = new Jobs();
