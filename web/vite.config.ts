import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `ALIKE_SERVER` is the address of a running `alike serve` that `vite` on its own asks for data.
const server = process.env['ALIKE_SERVER'] ?? 'http://127.0.0.1:7700';

/// Names in index.html what src/main.ts imports while it runs, so that all of it is loaded at once.
function preloadApp(): Plugin {
  const load = (rel: string, file: string): HtmlTagDescriptor => ({ tag: 'link', attrs: { rel, crossorigin: true, href: `./${file}` }, injectTo: 'head' });
  return {
    name: 'preload-app',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle, chunk: entry }) => {
        const app = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.name === 'app');
        if (app?.type !== 'chunk') return [];
        const scripts = [app.fileName, ...app.imports].filter((file) => file !== entry?.fileName);
        return [...scripts.map((file) => load('modulepreload', file)), ...[...(app.viteMetadata?.importedCss ?? [])].map((file) => load('stylesheet', file))];
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte({ compilerOptions: { runes: true } }), preloadApp()],
  base: './',
  // Tests mount components, which the exports of Svelte for servers cannot.
  ...(process.env['VITEST'] && { resolve: { conditions: ['browser'] } }),
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/v1': { target: server, changeOrigin: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
