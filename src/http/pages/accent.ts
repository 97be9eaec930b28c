// The stylesheet of an accent colour. Whatever colour it is, text on it and text in it has WCAG's contrast of 4.5.

type Rgb = readonly [red: number, green: number, blue: number];

const parse = (hex: string): Rgb => {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
};

const format = (color: Rgb): string =>
  `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** WCAG 2.2, relative luminance: from 0, black, to 1. */
function luminanceOf(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const part = Math.round(channel) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const STEPS = 64;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The first colour on the way from one to the other that is enough. */
function towards(from: Rgb, to: Rgb, isEnough: (color: Rgb) => boolean): Rgb {
  const mixed = (step: number): Rgb => {
    const [red, green, blue] = from.map((channel, index) => channel + ((to[index] ?? 0) - channel) * (step / STEPS));
    return [red ?? 0, green ?? 0, blue ?? 0];
  };
  let step = 0;
  while (step < STEPS && !isEnough(mixed(step))) step += 1;
  return mixed(step);
}

const darkened = (color: Rgb, most: number): Rgb => towards(color, BLACK, (mixed) => luminanceOf(mixed) <= most);
const lightened = (color: Rgb, least: number): Rgb => towards(color, WHITE, (mixed) => luminanceOf(mixed) >= least);

/** On the darkest light background of pages.css, of luminance 0.75. */
const MOST_ON_LIGHT = 0.8 / 4.5 - 0.05;
/** On the lightest dark background of pages.css, of luminance 0.035. */
const LEAST_ON_DARK = 4.5 * 0.085 - 0.05;
/** Beneath the bar's soft text, also where a pointer lightens a button. */
const MOST_IN_BAR = 0.08;

/** The custom properties of pages.css that follow the accent. `hex` is `rrggbb`. */
export function accentCss(hex: string): string {
  const color = parse(hex);
  const bar = `--bar:${format(darkened(color, MOST_IN_BAR))};--bar-soft:#dcd8cf`;
  const light = `--accent:${format(darkened(color, MOST_ON_LIGHT))};--accent-ink:#ffffff;--tint:#ebe9e2;${bar}`;
  const dark = `--accent:${format(lightened(color, LEAST_ON_DARK))};--accent-ink:#000000;--tint:#272b29;${bar}`;
  return `:root{${light}}\n@media (prefers-color-scheme:dark){:root{${dark}}}\n`;
}

/** Where the stylesheet of a colour is; `color` is `#rrggbb`. */
export const accentPath = (color: string): string => `/id/accent/${color.slice(1).toLowerCase()}.css`;
