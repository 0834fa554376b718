// Whether the server answers. Pages that read `returns` in an effect load again when it came back.

const every_ms = 2000;

class Presence {
  lost = $state(false);
  /// How often it came back.
  returns = $state(0);

  #looking = false;

  /// Called when a request found no server, or a stream broke: asks /healthz until it answers.
  async doubt(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    while (!(await answers())) {
      this.lost = true;
      await new Promise((resolve) => setTimeout(resolve, every_ms));
    }
    this.#looking = false;
    if (this.lost) this.returns += 1;
    this.lost = false;
  }
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch('healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

export const presence = new Presence();
