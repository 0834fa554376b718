// Which colour and shape a point has. A point holds a number of a palette of 256 entries.
import { interpolateViridis } from 'd3-scale-chromatic';
import { NO_CLUSTER } from './columns';

export type ColorBy = 'label' | 'cluster' | 'trust' | 'added';
export type Theme = 'light' | 'dark';
export type Rgb = [number, number, number];

/** Entry of points without a class or of one class too many. */
export const OTHER = 255;

/** Shapes, by number: they tell classes apart besides colour. */
export const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'plus', 'ring'] as const;

// Starts from Okabe & Ito's colours; each further one is the farthest from all before it, for
// normal and for colour-blind eyes, of those with a contrast of 3 to the theme's surface.
const CLASSES: Record<Theme, string> = {
  light:
    '0072b2 c85200 007a58 d86c9c 600c60 303c00 9078fc 18249c 6c4878 844800 ' +
    '5448c0 84183c 6c9060 6c90cc c08400 a86084 78249c 486ce4 c0243c a83c9c',
  dark:
    '56b4e9 e69f00 009e73 e07bbd f0e442 d55e00 6060d8 00f0c0 00789c 90c084 ' +
    '9084fc 90d8fc 9c6048 f0606c c03c90 fccc90 b46ccc 9cd854 60cccc f0783c',
};
/** The part of viridis that shows on the theme's surface. */
const SPAN: Record<Theme, [number, number]> = { light: [0, 0.59], dark: [0.4, 1] };
const GREY: Record<Theme, Rgb> = { light: [112, 116, 122], dark: [138, 142, 148] };

function rgbOf(hex: string): Rgb {
  const value = parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const COLORS: Record<Theme, Rgb[]> = {
  light: CLASSES.light.split(' ').map(rgbOf),
  dark: CLASSES.dark.split(' ').map(rgbOf),
};

export function isContinuous(by: ColorBy): boolean {
  return by === 'trust' || by === 'added';
}

/** Colour of a class; beyond twenty they come again with another shape. */
export function classColor(place: number, theme: Theme): Rgb {
  if (place >= OTHER) return GREY[theme];
  return COLORS[theme][place % COLORS[theme].length] ?? GREY[theme];
}

/** Shape of one of `classes` classes: few have one each, of many the shape tells equal colours. */
export function classShape(place: number, classes: number): number {
  if (place >= OTHER) return 0;
  if (classes <= SHAPES.length) return place;
  return Math.floor(place / COLORS.light.length) % SHAPES.length;
}

/** Colour of a value from 0 to 1. */
export function valueColor(value: number, theme: Theme): Rgb {
  const [low, high] = SPAN[theme];
  return rgbOf(interpolateViridis(low + value * (high - low)).slice(1));
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** Red, green, blue and shape of the 256 entries, as the renderer takes them. */
export function palette(by: ColorBy, classes: number, theme: Theme): Uint8Array {
  const entries = new Uint8Array(4 * 256);
  for (let i = 0; i < 256; i++) {
    const color =
      isContinuous(by) && i < OTHER ? valueColor(i / (OTHER - 1), theme) : classColor(i, theme);
    entries.set([...color, isContinuous(by) ? 0 : classShape(i, classes)], 4 * i);
  }
  return entries;
}

/** The entry of each point, from its column. */
export function entries(by: ColorBy, column: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(column.length);
  if (by === 'added') return spread(column, out);
  for (let i = 0; i < out.length; i++) {
    const value = column[i] ?? NO_CLUSTER;
    out[i] = by === 'trust' ? Math.round((value / 255) * (OTHER - 1)) : Math.min(value, OTHER);
  }
  return out;
}

/** From the first time (0) to the last (254). */
function spread(times: ArrayLike<number>, out: Uint8Array): Uint8Array {
  const { low, high } = range(times);
  const scale = high > low ? (OTHER - 1) / (high - low) : 0;
  for (let i = 0; i < out.length; i++) out[i] = Math.round(((times[i] ?? low) - low) * scale);
  return out;
}

/** The least and the largest of some values. */
export function range(values: ArrayLike<number>): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] ?? low);
    high = Math.max(high, values[i] ?? high);
  }
  return { low, high };
}
