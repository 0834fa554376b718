// Small, so that it runs at once: it requests the data of the page while the page itself is on its way.
import { askEarly } from './api/early';
import './tokens.css';
import './base.css';

askEarly(location.hash);
import('./app').catch(() => {
  document.body.textContent = 'The page could not be loaded from the server. Is it still running? Then load this page again.';
});
