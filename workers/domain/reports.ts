import * as z from 'zod'
import { Span } from './documents'

/** Proof of a figure or sentence: where it stands in the sources. Shown as [n] with a list at the end. */
export const Citation = z.object({
  /** What the reader sees: `invoice-42.pdf, page 1`. */
  label: z.string(),
  span: Span.optional(),
  status: z.enum(['verified', 'repaired', 'unverified']).default('unverified'),
})
export type Citation = z.infer<typeof Citation>

const Cite = z.array(z.int()).optional()
/** A figure of the author's own, such as a target or a heading's number, and not one that was read somewhere: it needs no source. */
const Own = z.boolean().optional()

/** A cell is a text, a number or a date with a format; `cite` holds indexes into `citations`. */
export const Cell = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.object({
    value: z.union([z.string(), z.number(), z.null()]),
    cite: Cite,
    own: Own,
    tone: z.enum(['good', 'bad', 'muted', 'strong']).optional(),
  }),
])
export type Cell = z.infer<typeof Cell>

export const Column = z.object({
  title: z.string(),
  /** `money` uses the column's `currency` or the row-independent default; `date` takes ISO 8601. */
  kind: z.enum(['text', 'number', 'money', 'percent', 'date']).default('text'),
  currency: z.string().length(3).optional(),
  /** Relative width; columns without it are sized by content. */
  weight: z.number().positive().optional(),
})
export type Column = z.infer<typeof Column>

export const Series = z.object({ name: z.string(), values: z.array(z.number().nullable()) })

export const ReportBlock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), text: z.string(), level: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2) }),
  z.object({ kind: z.literal('text'), text: z.string(), cite: Cite, own: Own }),
  z.object({ kind: z.literal('list'), items: z.array(z.object({ text: z.string(), cite: Cite, own: Own })) }),
  z.object({
    kind: z.literal('kpis'),
    tiles: z
      .array(
        z.object({
          label: z.string(),
          value: z.string(),
          change: z.string().optional(),
          cite: Cite,
          own: Own,
          tone: z.enum(['good', 'bad', 'muted']).optional(),
        }),
      )
      .max(8),
  }),
  z.object({
    kind: z.literal('table'),
    title: z.string().optional(),
    columns: z.array(Column),
    rows: z.array(z.array(Cell)),
    totals: z.array(Cell).optional(),
  }),
  z.object({
    kind: z.literal('chart'),
    chart: z.enum(['bar', 'line', 'donut']),
    title: z.string(),
    unit: z.string().optional(),
    /** Category labels, one for each value. */
    labels: z.array(z.string()),
    series: z.array(Series).min(1),
  }),
  z.object({
    kind: z.literal('image'),
    /** PNG or JPEG, base64. */ data: z.string(),
    alt: z.string(),
    caption: z.string().optional(),
    width: z.number().optional(),
  }),
])
export type ReportBlock = z.infer<typeof ReportBlock>

/** How a tenant's reports look. */
export const Branding = z.object({
  name: z.string(),
  /** #rrggbb */
  primaryColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .default('#0f766e'),
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .default('#2563eb'),
  /** PNG or JPEG, base64. */
  logo: z.string().optional(),
  footer: z.string().default(''),
})
export type Branding = z.infer<typeof Branding>

/** One report, whatever it is rendered to. */
export const Report = z.object({
  title: z.string(),
  subtitle: z.string().default(''),
  /** BCP 47: number, money and date formats follow it. */
  locale: z.string().default('en'),
  createdAt: z.iso.datetime(),
  blocks: z.array(ReportBlock),
  citations: z.array(Citation).default([]),
})
export type Report = z.infer<typeof Report>

export const REPORT_FORMATS = ['pdf', 'xlsx', 'csv', 'html'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]
export const REPORT_MEDIA_TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const satisfies Record<ReportFormat, string>

/** The row of a written report. */
export const ReportRecord = z.object({
  id: z.string(),
  runId: z.string(),
  title: z.string(),
  formats: z.array(z.enum(REPORT_FORMATS)),
  createdAt: z.iso.datetime(),
  /** Of all formats together; absent in reports from before it was counted. */
  bytes: z.int().optional(),
})
export type ReportRecord = z.infer<typeof ReportRecord>
