import type { Branding } from '../../domain/reports'

/** Series colours in order: the tenant's two, then fixed hues that stay apart in print and for colour-blind readers. */
export const seriesColors = (branding: Pick<Branding, 'primaryColor' | 'accentColor'>): string[] => [
  branding.primaryColor,
  branding.accentColor,
  '#f59e0b',
  '#64748b',
  '#7c3aed',
  '#e11d48',
  '#0891b2',
  '#65a30d',
]

type Rgb = [red: number, green: number, blue: number]

/** #rrggbb to three numbers 0–1. */
export function rgbOf(hex: string): Rgb {
  const bits = Number.parseInt(hex.slice(1), 16)
  return [((bits >> 16) & 255) / 255, ((bits >> 8) & 255) / 255, (bits & 255) / 255]
}

const toHex = (rgb: Rgb): string =>
  `#${rgb
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** `share` of the way from one colour to another. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)]
  const between = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * share
  return toHex([between(0), between(1), between(2)])
}

/** Relative luminance as WCAG 2.2 defines it. */
export function luminance(hex: string): number {
  const [red, green, blue] = rgbOf(hex).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio as WCAG 2.2 defines it, 1–21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The colour, darkened as far as needed to be read as text on white (contrast 4.5). */
export function readableOnWhite(hex: string): string {
  for (let share = 0; share < 1; share += 0.1) {
    const candidate = mix(hex, '#000000', share)
    if (contrast(candidate, '#ffffff') >= 4.5) return candidate
  }
  return '#000000'
}
