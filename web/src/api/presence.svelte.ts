// Whether the server answers. Pages that read `returns` in an effect load again when it came back.

const every_ms = 2000;

class Presence {
  lost = $state(false);
  /// How often it came back.
  returns = $state(0);

  /// Called when a request found nobody; asks /healthz until somebody answers.
  miss() {
    if (this.lost) return;
    this.lost = true;
    setTimeout(() => void this.#look(), every_ms);
  }

  async #look() {
    try {
      const response = await fetch('healthz', { cache: 'no-store' });
      if (!response.ok) throw new Error('not yet');
      this.lost = false;
      this.returns += 1;
    } catch {
      setTimeout(() => void this.#look(), every_ms);
    }
  }
}

export const presence = new Presence();
