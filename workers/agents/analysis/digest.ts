import * as z from 'zod'
import type { DocumentRecord } from '../../domain/documents'
import type { Ports } from '../../domain/ports'
import { skills } from '../../skills'
import type { SkillContext } from '../../skills/skill'
import { defineOperation, type StepContext } from '../agent'
import { skillContext } from './context'
import { dayBounds } from './day'
import { findParsed } from './parsed'

const PAGE_SIZE = 100
/** A digest of more mails would be read by nobody. */
const MAX_MAILS = 1_000
const TAGS_PER_MAIL = 4

const Mail = z.object({
  documentId: z.string(),
  subject: z.string(),
  from: z.string(),
  receivedAt: z.string(),
  /** False when ingestion has not read the mail: then only what its record says is known. */
  parsed: z.boolean(),
  class: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
})
type Mail = z.infer<typeof Mail>

const Output = z.object({
  date: z.string(),
  timeZone: z.string(),
  mails: z.array(Mail),
  counts: z.object({ total: z.int(), parsed: z.int(), unparsed: z.int(), byClass: z.record(z.string(), z.int()) }),
  /** True when the day had more mails than are listed. */
  truncated: z.boolean(),
})

async function mailsOf(
  documents: Ports['documents'],
  from: string,
  to: string,
): Promise<{ records: DocumentRecord[]; truncated: boolean }> {
  const records: DocumentRecord[] = []
  let cursor: string | undefined
  do {
    const page = await documents.list({ limit: PAGE_SIZE, source: 'email', createdFrom: from, createdTo: to, ...(cursor && { cursor }) })
    // Whether the port's upper bound is inclusive is not relied on: the next midnight belongs to the next day.
    records.push(...page.items.filter((record) => record.createdAt >= from && record.createdAt < to))
    cursor = page.nextCursor
  } while (cursor !== undefined && records.length < MAX_MAILS)
  return { records: records.slice(0, MAX_MAILS), truncated: cursor !== undefined || records.length > MAX_MAILS }
}

async function describe(
  record: DocumentRecord,
  ports: Pick<Ports, 'files'>,
  skill: SkillContext,
): Promise<{ mail: Mail; degraded: boolean; provider: string }> {
  const base = { documentId: record.id, receivedAt: record.createdAt }
  const document = await findParsed(ports, record.id)
  if (!document) {
    const mail = {
      ...base,
      subject: record.name,
      from: '',
      parsed: false,
      class: 'other',
      summary: 'This mail has not been read yet: ingest it to see what it says.',
      tags: [],
    }
    return { mail, degraded: false, provider: 'embedded' }
  }
  const named = await skills.classify.run({ document, documentId: record.id }, skill)
  const summary = await skills.summarise.run({ document, documentId: record.id, class: named.class, style: 'short' }, skill)
  const tags = await skills.tags.run({ document, documentId: record.id, limit: TAGS_PER_MAIL }, skill)
  const answers = [named, summary, tags]
  return {
    mail: {
      ...base,
      subject: document.metadata.subject ?? document.title ?? record.name,
      from: document.metadata.from ?? '',
      parsed: true,
      class: named.class,
      summary: summary.summary,
      tags: tags.tags.map((tag) => tag.tag),
    },
    degraded: answers.some((answer) => answer.degraded),
    provider: answers.find((answer) => answer.provider !== 'embedded')?.provider ?? 'embedded',
  }
}

function countByClass(mails: Mail[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const mail of mails) if (mail.parsed) counts[mail.class] = (counts[mail.class] ?? 0) + 1
  return counts
}

async function describeAll(records: DocumentRecord[], context: StepContext, ports: Ports): Promise<Mail[]> {
  const mails: Mail[] = []
  let degraded = false
  let provider = 'embedded'
  for (const record of records) {
    context.signal.throwIfAborted()
    const described = await describe(record, ports, skillContext(context, ports))
    mails.push(described.mail)
    degraded ||= described.degraded
    if (described.provider !== 'embedded') provider = described.provider
    context.progress(`Read ${mails.length} of ${records.length} mails`, mails.length / records.length)
  }
  context.provenance(provider, degraded)
  return mails
}

/** Lists a day's mails with class, summary and tags. It reads what ingestion has parsed and says which mails are still unread. */
export const digest = defineOperation({
  summary: 'Lists the mails of one day with their class, summary and tags.',
  input: z.object({ date: z.iso.date(), /** IANA name; absent: the tenant's. */ timeZone: z.string().optional() }),
  output: Output,
  makes: { own: ['counts', 'truncated'] },
  example: { date: '2026-11-20', timeZone: 'Europe/Berlin' },
  timeoutMs: 10 * 60_000,
  async run({ date, timeZone: given }, context, ports) {
    const timeZone = given ?? (await ports.settings()).timeZone
    const { from, to } = dayBounds(date, timeZone)
    const { records, truncated } = await mailsOf(ports.documents, from, to)
    const mails = await describeAll(records, context, ports)
    const parsed = mails.filter((mail) => mail.parsed).length
    return {
      date,
      timeZone,
      mails,
      counts: { total: mails.length, parsed, unparsed: mails.length - parsed, byClass: countByClass(mails) },
      truncated,
    }
  },
})
