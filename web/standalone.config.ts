// Builds standalone.html: one file, in which alike/draw/plot_html.cpp puts a title and the data of a map.
import { createHash } from 'node:crypto';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/// Puts script and style into the page, and lets it run and load these only.
function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find(({ fileName }) => fileName.endsWith('.html'));
      const scripts = files.filter((file) => file.type === 'chunk');
      const styles = files.filter((file) => file.type === 'asset').filter(({ fileName }) => fileName.endsWith('.css'));
      if (page?.type !== 'asset' || scripts.length !== 1 || styles.length !== 1 || files.length !== 3) {
        throw new Error(`one page, one script and one style are to become one file: ${Object.keys(bundle)}`);
      }
      // Nothing in a string of the script begins or ends an element or a comment.
      const script = scripts[0]!.code.trim().replace(/<(?=!--|\/?script)/gi, '\\x3C');
      const style = String(styles[0]!.source).trim();
      const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
      const policy = `default-src 'none'; img-src data:; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
      page.source = String(page.source)
        .replace(/\s*<(?:script|link)\b[^>]*(?:src|href)="[^"]*"[^>]*>(?:<\/script>)?/g, '')
        .replace(/(?=\s*<title>)/, () => `\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`)
        .replace(/(?=\s*<\/head>)/, () => `\n    <style>${style}</style>`)
        .replace(/(?=\s*<\/body>)/, () => `\n    <script type="module">${script}</script>`);
      for (const { fileName } of [...scripts, ...styles]) delete bundle[fileName];
    },
  };
}

export default defineConfig({
  plugins: [svelte({ compilerOptions: { runes: true } }), oneFile()],
  base: './',
  publicDir: false,
  build: { target: 'es2022', cssCodeSplit: false, modulePreload: false, rolldownOptions: { input: 'standalone.html' } },
});
