// The route of this tab. Changing it changes the URL; the back button changes it back.
import { formatRoute, parseRoute, type Page, type Route } from './route';
import { newStep, scroll } from './scroll';

/// What a step of the history holds besides its URL.
interface Step {
  step: string;
  /// How many dialogs are open in it.
  dialogs?: number;
}

class Router {
  route: Route = $state.raw(parseRoute(location.hash));
  #hash = location.hash;
  /// How each open dialog is closed.
  #dialogs: (() => void)[] = [];
  /// Settles when a step back that the page took by itself is done.
  #back: Promise<void> | undefined;

  constructor() {
    // A dialog does not outlive a reload.
    if (dialogsOf(history.state) > 0) history.replaceState({ step: newStep() } satisfies Step, '');
    scroll.begin();
    addEventListener('popstate', () => this.#arrive());
  }

  /// A new entry of the history, so that back returns to where the person was.
  go(page: Page, collection = '', rest: string[] = [], params?: URLSearchParams) {
    this.#show(formatRoute(page, collection, rest, params), false);
  }

  /// The same place seen otherwise: back leaves it altogether.
  replace(page: Page, collection = '', rest: string[] = [], params?: URLSearchParams) {
    this.#show(formatRoute(page, collection, rest, params), true);
  }

  /// A dialog opens: back closes it. Returns what to call when it is closed, in whichever way.
  openDialog(close: () => void): () => void {
    this.#dialogs.push(close);
    const depth = this.#dialogs.length;
    scroll.leave();
    history.pushState({ step: newStep(), dialogs: depth } satisfies Step, '', location.hash);
    return () => {
      this.#dialogs = this.#dialogs.filter((other) => other !== close);
      if (dialogsOf(history.state) >= depth) this.#stepBack();
    };
  }

  #stepBack() {
    this.#back = new Promise((resolve) => addEventListener('popstate', () => {
      this.#back = undefined;
      resolve();
    }, { once: true }));
    history.back();
  }

  #show(hash: string, instead: boolean) {
    if (this.#back) return void this.#back.then(() => this.#show(hash, instead));
    if (hash === location.hash) return;
    if (instead) history.replaceState(history.state, '', hash);
    else if (dialogsOf(history.state) > 0) {
      // What a dialog leads to takes the place of the dialog.
      history.replaceState({ step: newStep() } satisfies Step, '', hash);
      scroll.arrive();
    } else {
      scroll.leave();
      history.pushState({ step: newStep() } satisfies Step, '', hash);
      scroll.arrive();
    }
    this.#take(hash);
  }

  #arrive() {
    const [dialogs, same] = [dialogsOf(history.state), location.hash === this.#hash];
    // A dialog that closes leaves the page where it is.
    if (!same) {
      scroll.leave();
      scroll.arrive();
    }
    while (this.#dialogs.length > dialogs) this.#dialogs.pop()?.();
    if (!same) this.#take(location.hash);
  }

  #take(hash: string) {
    this.#hash = hash;
    this.route = parseRoute(hash);
  }
}

function dialogsOf(state: unknown): number {
  return (state as Step | null)?.dialogs ?? 0;
}

export const router = new Router();
