// The route of this tab. Changing it changes the URL; the back button changes it back.
import { formatRoute, parseRoute, type Page, type Route } from './route';

class Router {
  route: Route = $state.raw(parseRoute(location.hash));

  constructor() {
    addEventListener('popstate', () => (this.route = parseRoute(location.hash)));
  }

  /// A new entry of the history, so that back returns to where the person was.
  go(page: Page, collection = '', rest: string[] = [], params?: URLSearchParams) {
    this.#show(formatRoute(page, collection, rest, params), false);
  }

  /// The same place seen otherwise: back leaves it altogether.
  replace(page: Page, collection = '', rest: string[] = [], params?: URLSearchParams) {
    this.#show(formatRoute(page, collection, rest, params), true);
  }

  #show(hash: string, instead: boolean) {
    if (hash === location.hash) return;
    history[instead ? 'replaceState' : 'pushState'](null, '', hash);
    this.route = parseRoute(hash);
  }
}

export const router = new Router();
