import PostalMime, { type Address, type Email } from 'postal-mime'
import { Draft } from '../../../agents/ingestion/draft'
import { readHtml } from '../../../agents/ingestion/text/html'
import type { Sample } from './terms'

/** Words and build of a mail. Its marks say which headers it has, from where it comes, how it is built and where it links to. */
export async function mailSample(raw: string): Promise<Sample> {
  const mail = await PostalMime.parse(withoutEnvelope(raw), { forceRfc822Attachments: true, maxNestingDepth: 20 })
  const shown = mail.text?.trim() ? mail.text : mail.html ? textOfHtml(mail.html) : ''
  const text = `${mail.subject ?? ''}\n${mail.from?.name ?? ''}\n${shown}`
  return { text, marks: [...headerMarks(mail), ...peopleMarks(mail), ...subjectMarks(mail.subject ?? ''), ...bodyMarks(mail, shown)] }
}

/** The envelope line of a mailbox file is no header. */
const withoutEnvelope = (raw: string): string => raw.replace(/^From [^\n]*\n/, '')

function textOfHtml(html: string): string {
  const draft = new Draft('html', 'text/html')
  readHtml(draft, html)
  return draft.document.pages.map(({ text }) => text).join('\n')
}

/** Which half of the powers of two a count lies in: 0, 1, 2, 4, 8, … */
const size = (count: number): number => (count <= 0 ? 0 : 2 ** Math.floor(Math.log2(count)))
/** Tenths of a share. */
const tenth = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part / whole) * 10))
const domainOf = (address: string | undefined): string => /@([^@>\s]+)$/.exec(address?.toLowerCase() ?? '')?.[1] ?? ''
/** `a.b.example.com` → `example.com`; good enough to compare senders with links. */
const siteOf = (host: string): string => host.split('.').slice(-2).join('.')

/** Headers of the path that each mail has; their wording tells of mailboxes, not of mails. */
const VALUED = [
  'content-type',
  'content-transfer-encoding',
  'x-mailer',
  'user-agent',
  'precedence',
  'x-priority',
  'importance',
  'mime-version',
  'x-mimeole',
  'organization',
  'list-id',
  'sender',
]

function headerMarks(mail: Email): string[] {
  const marks = mail.headers.map(({ key }) => `header ${key}`)
  for (const { key, value } of mail.headers)
    if (VALUED.includes(key))
      for (const word of value
        .toLowerCase()
        .split(/[\s;,="'()<>]+/)
        .slice(0, 6))
        marks.push(`${key} ${word}`)
  const received = mail.headers.filter(({ key }) => key === 'received')
  marks.push(`hops ${received.length}`, `headers ${size(mail.headers.length)}`)
  // A host that gives a number instead of a name is mostly somebody's desk.
  if (received.some(({ value }) => /from \[?\d+\.\d+\.\d+\.\d+/.test(value))) marks.push('hop without a name')
  if (received.some(({ value }) => /\bunknown\b|may be forged/i.test(value))) marks.push('hop unknown')
  for (const { value } of received)
    for (const [, host = ''] of value.matchAll(/\b(?:from|by|for)\s+<?(?:[^\s@<>]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi))
      marks.push(`hop ${siteOf(host.toLowerCase())}`)
  const zone = /[+-]\d{4}/.exec(mail.headers.find(({ key }) => key === 'date')?.value ?? '')?.[0]
  marks.push(`zone ${zone ?? 'none'}`)
  return marks
}

function peopleMarks(mail: Email): string[] {
  const from = domainOf(mail.from?.address)
  const id = domainOf(mail.messageId?.replace(/>$/, ''))
  const reply = domainOf(mail.replyTo?.[0]?.address)
  const to = addresses(mail.to)
  return [
    `from ${siteOf(from)}`,
    `from country ${from.split('.').pop()}`,
    `from name ${mail.from?.name ? (/[^\p{ASCII}]/u.test(mail.from.name) ? 'foreign' : 'given') : 'none'}`,
    `from digits ${size((mail.from?.address ?? '').replace(/\D/g, '').length)}`,
    `message id ${id === '' ? 'none' : siteOf(id) === siteOf(from) ? 'same' : 'other'} domain`,
    `reply ${reply === '' ? 'none' : siteOf(reply) === siteOf(from) ? 'same' : 'other'} domain`,
    `to ${size(to.length)}`,
    `cc ${size(addresses(mail.cc).length)}`,
    ...(to.some((address) => address !== '' && address === mail.from?.address) ? ['to themselves'] : []),
    ...to.slice(0, 3).map((address) => `to ${siteOf(domainOf(address))}`),
  ]
}

const addresses = (list: Address[] = []): string[] => list.flatMap((one) => (one.group ?? [one]).map(({ address }) => address ?? ''))

function subjectMarks(subject: string): string[] {
  const letters = subject.replace(/[^\p{L}]/gu, '')
  return [
    `subject length ${size(subject.length)}`,
    `subject capitals ${tenth(letters.replace(/[^\p{Lu}]/gu, '').length, letters.length)}`,
    ...(/^re:/i.test(subject) ? ['subject answers'] : []),
    ...(/\[[\w -]+\]/.test(subject) ? ['subject of a list'] : []),
    ...(/[!?]/.test(subject) ? ['subject calls'] : []),
    ...(/[$€£%]|\d{3}/.test(subject) ? ['subject counts'] : []),
    ...(/\s{4,}\S+$/.test(subject) ? ['subject with a tail'] : []),
    ...subject
      .toLowerCase()
      .split(/[^\p{L}\p{N}$!]+/u)
      .filter(Boolean)
      .map((word) => `subject ${word}`),
  ]
}

function bodyMarks(mail: Email, shown: string): string[] {
  const html = mail.html ?? ''
  const tags = new Map<string, number>()
  for (const [, tag = ''] of html.matchAll(/<([a-z][a-z0-9]*)/gi)) tags.set(tag.toLowerCase(), (tags.get(tag.toLowerCase()) ?? 0) + 1)
  const letters = shown.replace(/[^\p{L}]/gu, '')
  const looks = [...html.matchAll(/\b(bgcolor|color|size|face|width|border|align)\s*=\s*["']?([#\w+-]+)/gi)].map(
    ([, name = '', value = '']) => `look ${name} ${value}`.toLowerCase(),
  )
  return [
    ...looks,
    `body ${mail.text?.trim() ? 'text' : ''} ${html === '' ? '' : 'html'}`,
    `length ${size(shown.length)}`,
    `capitals ${tenth(letters.replace(/[^\p{Lu}]/gu, '').length, letters.length)}`,
    `calls ${size(shown.split('!').length - 1)}`,
    `money ${size((shown.match(/[$€£]\s?\d|\d\s?%/g) ?? []).length)}`,
    `quoted ${size((shown.match(/^\s*>/gm) ?? []).length)}`,
    `foreign letters ${tenth((shown.match(/[^\p{ASCII}]/gu) ?? []).length, shown.length)}`,
    ...(/^-- $/m.test(shown) ? ['signature'] : []),
    ...[...tags].flatMap(([tag, count]) => [`tag ${tag}`, `tag ${tag} ${size(count)}`]),
    ...mail.attachments.map(({ mimeType }) => `attachment ${mimeType}`),
    ...linkMarks(mail, `${html}\n${shown}`),
  ]
}

function linkMarks(mail: Email, body: string): string[] {
  const hosts = [...body.matchAll(/https?:\/\/(?:[^\s/@"'<>]*@)?([^\s/:?"'<>]+)(:\d+)?/gi)].map(([, host = '', port]) => ({
    host: host.toLowerCase(),
    port,
  }))
  const sender = siteOf(domainOf(mail.from?.address))
  return [
    `links ${size(hosts.length)}`,
    ...(hosts.some(({ host }) => /^[\d.]+$/.test(host)) ? ['link to a number'] : []),
    ...(hosts.some(({ port }) => port !== undefined) ? ['link with a port'] : []),
    ...(hosts.length > 0 ? [`links to ${hosts.some(({ host }) => siteOf(host) === sender) ? 'the sender' : 'others'}`] : []),
    ...(/mailto:/i.test(body) ? ['link to mail'] : []),
    ...hosts.flatMap(({ host }) => [`link ${siteOf(host)}`, `link country ${host.split('.').pop()}`]),
  ]
}
