import type { Branding, Report, ReportFormat } from '../../domain/reports'
import { bundledFonts, type LoadFonts } from './fonts'

type Renderer = (report: Report, branding: Branding, loadFonts: LoadFonts) => Promise<Uint8Array>

const RENDERERS = {
  pdf: async (report, branding, loadFonts) => (await import('./pdf')).renderPdf(report, branding, loadFonts),
  xlsx: async (report, branding) => (await import('./xlsx')).renderXlsx(report, branding),
  csv: async (report) => (await import('./csv')).renderCsv(report),
  html: async (report, branding) => (await import('./html')).renderHtml(report, branding),
} satisfies Record<ReportFormat, Renderer>

/**
 * One report in one format, as bytes. The same report gives the same content in every format; only PDF embeds fonts.
 * Refuses images that are no PNG or JPEG and locales that are no language tag with `invalid`.
 */
export const renderReport = (
  report: Report,
  branding: Branding,
  format: ReportFormat,
  loadFonts: LoadFonts = bundledFonts,
): Promise<Uint8Array> => RENDERERS[format](report, branding, loadFonts)
