// The colours of the page, as bytes: custom properties may hold any CSS colour.
import type { Rgb, Theme } from './palette';

export interface Colors {
  theme: Theme;
  surface: string;
  text: string;
  accent: string;
  warn: string;
  font: string;
}

/** Colours and font as they are now where `element` is. */
export function colorsAt(element: HTMLElement): Colors {
  const probe = element.appendChild(document.createElement('span'));
  // Forced colours hide the palette's; then the properties are colours of the system.
  probe.style.setProperty('forced-color-adjust', 'none');
  const resolve = (property: string): string => {
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
  };
  const [surface, text, accent, warn] = ['--surface', '--text', '--accent', '--warn'].map(resolve);
  const font = getComputedStyle(probe).fontFamily;
  probe.remove();
  const colors = { surface: surface!, text: text!, accent: accent!, warn: warn!, font };
  return { ...colors, theme: isDark(bytesOf(colors.surface)) ? 'dark' : 'light' };
}

/** Calls `changed` whenever the theme may be another one; returns how to stop that. */
export function watchTheme(changed: () => void): () => void {
  const system = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const one of system) one.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true });
  return () => {
    for (const one of system) one.removeEventListener('change', changed);
    observer.disconnect();
  };
}

function bytesOf(color: string): Rgb {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return [255, 255, 255];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r ?? 255, g ?? 255, b ?? 255];
}

function isDark([r, g, b]: Rgb): boolean {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
}
