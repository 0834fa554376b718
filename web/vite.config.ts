import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `ALIKE_SERVER` is the address of a running `alike serve` that `vite` on its own asks for data.
const server = process.env['ALIKE_SERVER'] ?? 'http://127.0.0.1:7700';

export default defineConfig({
  plugins: [svelte({ compilerOptions: { runes: true } })],
  base: './',
  // Tests mount components, which the exports of Svelte for servers cannot.
  ...(process.env['VITEST'] && { resolve: { conditions: ['browser'] } }),
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/v1': { target: server, changeOrigin: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
