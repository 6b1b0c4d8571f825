/**
 * The chart's colours: tokens of the page as the browser resolves them, and a ramp for the cells.
 * The ramp is the middle of cividis (Nuñez, Anderton, Renslow 2018), safe for colour-blind eyes on either ground.
 */

const TOKENS = {
  ink: '--ink',
  inkSoft: '--ink-soft',
  line: '--line',
  surface: '--surface',
  low: '--data-low',
  high: '--data-high',
  current: '--data-current',
  mean: '--data-mean',
  estimate: '--data-estimate',
  mark: '--data-mark',
  bleed: '--data-bleed',
} as const;

export type Palette = Record<keyof typeof TOKENS, string> & { isDark: boolean };

/** Colours as they are now; the element gives the theme that holds where the chart stands. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, colour(token)])) as Record<
    keyof typeof TOKENS,
    string
  >;
  probe.remove();
  return { ...colours, isDark: lightness(colours.surface) < 128 };
}

function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}

/** The colours of the light theme, whichever is on. */
export function paperPalette(element: HTMLElement): Palette {
  const paper = document.createElement('div');
  paper.style.colorScheme = 'light';
  paper.hidden = true;
  element.append(paper);
  const palette = readPalette(paper);
  paper.remove();
  return palette;
}

/** A colour between two that the browser resolved, by the share of the second. */
export function mixed(from: string, to: string, share: number): string {
  const [start, end] = [from, to].map((colour) => (colour.match(/[\d.]+/g) ?? []).map(Number)) as [number[], number[]];
  const parts = [0, 1, 2].map((part) => Math.round(start[part]! + (end[part]! - start[part]!) * share));
  return `rgb(${parts.join(',')})`;
}

type Rgb = readonly [number, number, number];
const RAMP: readonly Rgb[] = [
  [0, 52, 110],
  [65, 77, 107],
  [106, 112, 117],
  [149, 143, 120],
  [194, 175, 108],
  [237, 211, 85],
];
const USED = { light: [0, 3.4], dark: [1.6, 5] } as const;

/** Colour of one cell's line among all. */
export function cellColour(index: number, count: number, isDark: boolean): string {
  const [from, until] = isDark ? USED.dark : USED.light;
  const place = count < 2 ? from : from + ((until - from) * index) / (count - 1);
  const step = Math.min(Math.floor(place), RAMP.length - 2);
  const mixed = RAMP[step]!.map((value, part) => Math.round(value + (RAMP[step + 1]![part]! - value) * (place - step)));
  return `rgb(${mixed.join(',')})`;
}
