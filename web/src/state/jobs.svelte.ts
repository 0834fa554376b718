// All jobs of the server, kept up to date by one stream for the tab.
import { api, eventsUrl } from '../api/client';
import { follow, hasEnded, withJob } from '../api/events';
import { key } from '../api/key.svelte';
import { presence } from '../api/presence.svelte';
import type { Job } from '../api/types';
import { announcer } from './announce.svelte';
import { collections } from './collections.svelte';
import { Loader } from './loader.svelte';
import { search } from './search.svelte';

const every_ms = 2000;

class Jobs extends Loader<Job[]> {
  all: Job[] = $derived(this.value ?? []);
  running: Job[] = $derived(this.all.filter((job) => !hasEnded(job)));
  #stop: (() => void) | undefined;

  /// Begins, or begins anew. Where a key is needed, which EventSource cannot send, the list is asked for again and again.
  start() {
    this.stop();
    if (key.value) return this.#poll();
    this.#stop = follow(eventsUrl, {
      job: (job) => this.put(job),
      open: () => void this.refresh(),
      broken: (refused) => (refused ? this.#poll() : void presence.doubt()),
    });
  }

  stop() {
    this.#stop?.();
    this.#stop = undefined;
  }

  refresh(): Promise<void> {
    return this.load(api.jobs);
  }

  put(job: Job) {
    const before = this.all.find((other) => other.id === job.id);
    this.value = withJob(this.all, job);
    if (!hasEnded(job) || (before && hasEnded(before))) return;
    announcer.say(`${job.title ?? job.kind}: ${job.state}`);
    search.forget();
    void collections.refresh();
  }

  of(collection: string): Job[] {
    return this.all.filter((job) => job.collection === collection);
  }

  #poll() {
    this.stop();
    const look = async () => (await api.jobs()).forEach((job) => this.put(job));
    const timer = setInterval(() => void look().catch(() => undefined), every_ms);
    this.#stop = () => clearInterval(timer);
  }
}

export const jobs = new Jobs();
