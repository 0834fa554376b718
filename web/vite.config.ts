import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `ALIKE_SERVER` is the address of a running `alike serve` that `vite` on its own asks for data.
const server = process.env['ALIKE_SERVER'] ?? 'http://127.0.0.1:7700';

/// What src/main.ts itself consists of, and pages that are loaded when they are asked for; the rest is the app.
const first = /index\.html|src\/(main|api\/(early|urls)|state\/(question|route))\.ts|preload-helper/;
const later = /src\/(map|compare|collections|encoders|help)\/|(MapRoute|DetailDialog|WebcamDialog)\.svelte|node_modules\/(kdbush|d3-)/;

/// Names in index.html what src/main.ts imports while it runs, so that all of it is loaded at once.
function preloadApp(): Plugin {
  const load = (rel: string, file: string): HtmlTagDescriptor => ({ tag: 'link', attrs: { rel, crossorigin: true, href: `./${file}` }, injectTo: 'head' });
  return {
    name: 'preload-app',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const app = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.name === 'app');
        if (app?.type !== 'chunk') return [];
        return [load('modulepreload', app.fileName), ...[...(app.viteMetadata?.importedCss ?? [])].map((file) => load('stylesheet', file))];
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte({ compilerOptions: { runes: true } }), preloadApp()],
  base: './',
  // Tests mount components, which the exports of Svelte for servers cannot.
  ...(process.env['VITEST'] && { resolve: { conditions: ['browser'] } }),
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', test: first, priority: 1 }, { name: 'app', test: (id) => !later.test(id) }] } } } },
  server: { proxy: { '/v1': { target: server, changeOrigin: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
