// The key of a server that is not on this machine: asked for once, kept until the tab closes.

const place = 'alike-key';

class Key {
  value = $state(sessionStorage.getItem(place) ?? '');
  /// Whether the person is being asked for it.
  asking = $state(false);
  #answer: Promise<string> | undefined;
  #resolve: ((value: string) => void) | undefined;

  /// Several requests that are refused at once ask one question.
  ask(): Promise<string> {
    this.asking = true;
    this.#answer ??= new Promise((resolve) => (this.#resolve = resolve));
    return this.#answer;
  }

  /// An empty answer means: no key, show the refusal.
  answer(value: string) {
    this.value = value.trim();
    if (this.value) sessionStorage.setItem(place, this.value);
    this.asking = false;
    this.#resolve?.(this.value);
    this.#answer = undefined;
  }
}

export const key = new Key();
