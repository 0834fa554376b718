// All jobs of the server, kept up to date by one stream for the tab.
import { api, eventsUrl } from '../api/client';
import { follow, hasEnded, withJob } from '../api/events';
import { presence } from '../api/presence.svelte';
import type { Job } from '../api/types';
import { announcer } from './announce.svelte';
import { collections } from './collections.svelte';
import { Loader } from './loader.svelte';
import { search } from './search.svelte';

const again_ms = 5000;

class Jobs extends Loader<Job[]> {
  all: Job[] = $derived(this.value ?? []);
  running: Job[] = $derived(this.all.filter((job) => !hasEnded(job)));
  #stop: (() => void) | undefined;

  /// Begins, or begins anew; a stream that the server refuses is asked for again after a while.
  start() {
    this.stop();
    let timer = 0;
    const end = follow(eventsUrl, {
      job: (job) => this.put(job),
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
}

export const jobs = new Jobs();
