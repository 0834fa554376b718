import { describe, expect, it } from 'vitest';
import { NO_CLUSTER } from './columns';
import * as palettes from './palette';

const SURFACE: Record<palettes.Theme, palettes.Rgb> = { light: [255, 255, 255], dark: [36, 36, 40] };
const themes: palettes.Theme[] = ['light', 'dark'];

/** Relative luminance (WCAG 2.2). */
function luminance(color: palettes.Rgb): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as palettes.Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: palettes.Rgb, b: palettes.Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(themes)('the %s palette', (theme) => {
  it('has twenty different colours that show on the surface', () => {
    const colors = Array.from({ length: 20 }, (_, i) => palettes.classColor(i, theme));
    expect(new Set(colors.map(palettes.css)).size).toBe(20);
    for (const color of [...colors, palettes.classColor(palettes.OTHER, theme)]) {
      expect(contrast(color, SURFACE[theme])).toBeGreaterThanOrEqual(3);
    }
  });

  it('has values that show on the surface and grow lighter', () => {
    const colors = [0, 0.25, 0.5, 0.75, 1].map((value) => palettes.valueColor(value, theme));
    for (const color of colors) {
      expect(contrast(color, SURFACE[theme])).toBeGreaterThanOrEqual(3);
    }
    const lights = colors.map(luminance);
    expect(lights).toEqual([...lights].sort((a, b) => a - b));
  });

  it('tells 120 classes apart by colour and shape together', () => {
    const entries = palettes.palette('label', 120, theme);
    const looks = Array.from({ length: 120 }, (_, i) => entries.slice(4 * i, 4 * i + 4).join());
    expect(new Set(looks).size).toBe(120);
  });
});

describe('entries', () => {
  it('are places of classes, and one for all the rest', () => {
    expect([...palettes.entries('cluster', [0, 254, 255, 1000, NO_CLUSTER])]).toEqual([
      0, 254, 255, 255, 255,
    ]);
  });

  it('span trust and time, without the entry of the rest', () => {
    expect([...palettes.entries('trust', [0, 255])]).toEqual([0, 254]);
    expect([...palettes.entries('added', [1000, 1500, 2000])]).toEqual([0, 127, 254]);
    expect([...palettes.entries('added', [5, 5])]).toEqual([0, 0]);
  });

  it('give few classes a shape each', () => {
    expect([0, 1, 2].map((place) => palettes.classShape(place, 3))).toEqual([0, 1, 2]);
    expect([0, 1, 20].map((place) => palettes.classShape(place, 30))).toEqual([0, 0, 1]);
  });
});
