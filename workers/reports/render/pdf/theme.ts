import type { Branding } from '../../../domain/reports'
import { contrast, luminance, mix, readableOnWhite, seriesColors } from '../palette'

/** A4 in points, with the margins that hold on every page. */
export const PAGE = { width: 595.28, height: 841.89, margin: 44, top: 66, bottom: 62 } as const
export const CONTENT_WIDTH = PAGE.width - 2 * PAGE.margin
/** What a page after the first has room for. */
export const BODY_HEIGHT = PAGE.height - PAGE.top - PAGE.bottom

export interface Theme {
  ink: string
  body: string
  muted: string
  line: string
  soft: string
  white: string
  good: string
  bad: string
  notice: { text: string; fill: string; edge: string }
  tableHead: string
  /** The tenant's colour as a surface, its shade, and the texts upon it. */
  brand: string
  brandShade: string
  onBrand: string
  onBrandMuted: string
  /** The tenant's colour as text on white. */
  brandText: string
  series: string[]
}

export function createTheme(branding: Branding): Theme {
  const brand = branding.primaryColor
  const onBrand = contrast(brand, '#ffffff') >= 3 ? '#ffffff' : '#0f172a'
  const shade = mix(brand, luminance(brand) < 0.02 ? '#ffffff' : '#000000', 0.16)
  return {
    ink: '#0f172a',
    body: '#334155',
    muted: '#64748b',
    line: '#e2e8f0',
    soft: '#f8fafc',
    white: '#ffffff',
    good: '#15803d',
    bad: '#dc2626',
    notice: { text: '#92400e', fill: '#fffbeb', edge: '#fcd34d' },
    tableHead: '#0f172a',
    brand,
    brandShade: shade,
    onBrand,
    onBrandMuted: mix(onBrand, brand, 0.22),
    brandText: readableOnWhite(brand),
    series: seriesColors(branding),
  }
}
