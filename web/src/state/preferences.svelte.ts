// The user's choices for this browser: theme, and hints already seen.

export type Theme = 'auto' | 'light' | 'dark';

const next: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };

class Preferences {
  theme: Theme = $state(read('theme') as Theme ?? 'auto');
  tourSeen = $state(read('tour') === 'seen');

  constructor() {
    this.#apply();
  }

  turnTheme() {
    this.theme = next[this.theme] ?? 'auto';
    write('theme', this.theme);
    this.#apply();
  }

  endTour() {
    this.tourSeen = true;
    write('tour', 'seen');
  }

  #apply() {
    if (this.theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.theme;
  }
}

// A browser may forbid storage; then nothing is remembered.
function read(name: string): string | undefined {
  try {
    return localStorage.getItem(`alike-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(name: string, value: string) {
  try {
    localStorage.setItem(`alike-${name}`, value);
  } catch {
    // see above
  }
}

export const preferences = new Preferences();
