import * as z from 'zod'
import type { Span } from '../domain/documents'
import type { ReportBlock } from '../domain/reports'
import { type CitationList, createCitationList } from './citation-list'
import { type Labels, labelsFor } from './labels'
import { hourOf, localTime } from './local-time'
import { formatsFor } from './render/formats'
import { summaryBlocks } from './sections/summary'
import { SummaryResult } from './summary-result'
import { defineTemplate, type TemplateContext } from './template'
import { termFor } from './terms'

const Mail = z.object({
  /** What the places of the summary belong to. */
  documentId: z.string().nullish(),
  subject: z.string().nullish(),
  from: z.string().nullish(),
  /** ISO 8601 with a zone. */
  receivedAt: z.string(),
  class: z.string().nullish(),
  /** False for a mail that ingestion has not read: then only its record speaks. */
  parsed: z.boolean().default(true),
  summary: SummaryResult.nullish(),
  tags: z.array(z.string()).nullish(),
  /** Names of attached files. */
  attachments: z.array(z.string()).nullish(),
})
type Mail = z.infer<typeof Mail>

/** The mail of one day: how much, of what kind, when, from whom, and what each says. */
export const inboxDigest = defineTemplate({
  name: 'inbox-digest',
  summary: 'All mail of one day: counts by class and hour, a list, and a summary of each.',
  input: z.object({
    /** The day, as the tenant's calendar has it. */
    date: z.iso.date(),
    /** Where its hours are counted; absent: the tenant's. */
    timeZone: z.string().nullish(),
    mails: z.array(Mail),
    /** True when the day had more mails than are given. */
    truncated: z.boolean().default(false),
  }),
  example: {
    date: '2026-11-21',
    mails: [
      {
        subject: 'Invoice 2026-0042',
        from: 'billing@solar-mueller.example',
        receivedAt: '2026-11-21T08:15:00Z',
        class: 'invoice',
        summary: { text: 'An invoice over 1,190 euros, due on 5 December.' },
        attachments: ['invoice.pdf'],
      },
    ],
  },
  build: ({ date, timeZone, mails, truncated }, context) => {
    const { locale, createdAt, title } = context
    const labels = labelsFor(locale)
    const list = createCitationList(labels.page)
    const sorted = mails.toSorted((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt))
    const local = timeZone ? { ...context, timeZone } : context
    const blocks: ReportBlock[] = sorted.length === 0 ? [{ kind: 'text', text: labels.noMails }] : digestBlocks(sorted, labels, list, local)
    if (truncated) blocks.push({ kind: 'text', text: labels.truncated })
    const ownTitle = labels.inboxOf(formatsFor(locale).date(date))
    return { title: title ?? ownTitle, subtitle: labels.mailsOf(mails.length), locale, createdAt, blocks, citations: list.citations }
  },
})

function digestBlocks(mails: Mail[], labels: Labels, list: CitationList, context: TemplateContext): ReportBlock[] {
  const classes = [
    ...Map.groupBy(
      mails.filter((mail) => mail.parsed),
      (mail) => termFor(mail.class ?? 'other', context.locale),
    ),
  ]
    .map(([name, group]) => ({ name, count: group.length }))
    .sort((a, b) => b.count - a.count)
  return [
    kpis(mails, classes[0]?.name ?? '–', labels, context.locale),
    {
      kind: 'chart',
      chart: classes.length > 1 ? 'donut' : 'bar',
      title: labels.mailsByClass,
      labels: classes.map((one) => one.name),
      series: [{ name: labels.mails, values: classes.map((one) => one.count) }],
    },
    hourChart(mails, labels, context),
    { kind: 'heading', text: labels.mails, level: 2 },
    mailTable(mails, labels, context),
    ...summaries(mails, labels, list),
  ]
}

function kpis(mails: Mail[], mostFrequent: string, labels: Labels, locale: string): ReportBlock {
  const { number } = formatsFor(locale)
  return {
    kind: 'kpis',
    tiles: [
      { label: labels.mails, value: number(mails.length) },
      { label: labels.senders, value: number(new Set(mails.map((mail) => mail.from?.toLowerCase() ?? '')).size) },
      { label: labels.mostFrequent, value: mostFrequent },
      ...(mails.some((mail) => mail.attachments)
        ? [{ label: labels.withAttachments, value: number(mails.filter((mail) => (mail.attachments?.length ?? 0) > 0).length) }]
        : []),
    ],
  }
}

/** From the first to the last hour with mail, the empty ones between them included. */
function hourChart(mails: Mail[], labels: Labels, { timeZone }: TemplateContext): ReportBlock {
  const hours = mails.flatMap((mail) => hourOf(mail.receivedAt, timeZone) ?? [])
  const first = hours.length === 0 ? 0 : Math.min(...hours)
  const count = hours.length === 0 ? 0 : Math.max(...hours) - first + 1
  const shown = Array.from({ length: count }, (_, index) => first + index)
  return {
    kind: 'chart',
    chart: 'bar',
    title: labels.mailsByHour,
    labels: shown.map((hour) => String(hour).padStart(2, '0')),
    series: [{ name: labels.mails, values: shown.map((hour) => hours.filter((one) => one === hour).length) }],
  }
}

function mailTable(mails: Mail[], labels: Labels, { locale, timeZone }: TemplateContext): ReportBlock {
  const withTags = mails.some((mail) => mail.tags?.length)
  const withFiles = mails.some((mail) => mail.attachments)
  return {
    kind: 'table',
    columns: [
      { title: labels.time, kind: 'text' },
      { title: labels.from, kind: 'text' },
      { title: labels.subject, kind: 'text' },
      { title: labels.class, kind: 'text' },
      ...(withTags ? [{ title: labels.tags, kind: 'text' as const }] : []),
      ...(withFiles ? [{ title: labels.attachments, kind: 'number' as const }] : []),
    ],
    rows: mails.map((mail) => [
      localTime(mail.receivedAt, timeZone),
      mail.from || '–',
      { value: mail.subject || labels.noSubject, tone: 'strong' },
      mail.parsed ? termFor(mail.class ?? 'other', locale) : { value: labels.notRead, tone: 'muted' },
      ...(withTags ? [(mail.tags ?? []).join(', ')] : []),
      ...(withFiles ? [mail.attachments?.length ?? 0] : []),
    ]),
  }
}

function summaries(mails: Mail[], labels: Labels, list: CitationList): ReportBlock[] {
  const told = mails.flatMap((mail) => {
    const subject = mail.subject || labels.noSubject
    const cite = (span: Span) => list.cite({ ...span, documentId: span.documentId ?? mail.documentId ?? undefined }, subject)
    const blocks = mail.parsed ? summaryBlocks(mail.summary, cite) : []
    return blocks.length === 0 ? [] : [{ kind: 'heading', text: subject, level: 3 } satisfies ReportBlock, ...blocks]
  })
  return told.length === 0 ? [] : [{ kind: 'heading', text: labels.summaries, level: 2 }, ...told]
}
