import type { Json } from '../../domain/json'
import { readDuration } from './durations'
import { collectionOf, ensure, isReading, readDocument } from './reading'
import type { Draft, Place } from './scope'
import type { Send } from './sends'
import type { Act } from './statements'

/** Writes the steps of one act. False: there is no operation for it. */
export function act(draft: Draft, place: Place, { deed, words, ...rest }: Act): boolean {
  if (isReading(deed)) return ensure(draft, place, deed, words)
  if (deed === 'approval') return approve(draft, place, words)
  if (deed === 'wait') return wait(draft, place, words, rest.event)
  if (deed === 'http' || deed === 'action.mail' || deed === 'action.webhook') return send(draft, place, { deed, words, ...rest } as Send)
  if (deed === 'beyond') return false
  if (!draft.has(deed) || !draft.has('ingestion.parse')) return false
  MAKERS[deed](draft, place, words)
  return true
}

const MAKERS = {
  'analysis.answer': answer,
  'analysis.compare': compare,
  'analysis.digest': digest,
  'analysis.draft': compose,
  'report.write': report,
} as const

function answer(draft: Draft, place: Place, words: string): void {
  const fromMail = place.known.has('ingestion.parse')
  if (!fromMail) draft.input('question', { type: 'string', minLength: 1, description: 'What is asked.' })
  const question = fromMail ? place.known.value('ingestion.parse', '.preview') : '${{ input.question }}'
  draft.assume(fromMail ? 'The question is the beginning of the message.' : 'The question comes as input.question.')
  draft.operate(place, 'analysis.answer', words, { question, collection: `\${{ vars.${collectionOf(draft)} }}` })
}

function compare(draft: Draft, place: Place, words: string): void {
  for (const [name, which] of [
    ['beforeId', 'older'],
    ['afterId', 'newer'],
  ] as const) {
    draft.input(name, { type: 'string', description: `The ${which} document.` })
    draft.step(place, 'ingestion.parse', '', { agent: 'ingestion', operation: 'parse', input: { documentId: `\${{ input.${name} }}` } })
  }
  draft.assume('The two versions come as input.beforeId and input.afterId.')
  draft.operate(place, 'analysis.compare', words, { beforeId: '${{ input.beforeId }}', afterId: '${{ input.afterId }}' })
}

function digest(draft: Draft, place: Place, words: string): void {
  draft.input('date', { type: 'string', format: 'date', description: 'The day; absent: the UTC day on which the run starts.' }, false)
  draft.assume('The day is input.date, or the day on which the run starts.')
  draft.operate(place, 'analysis.digest', words, { date: '${{ default(input.date, run.startedAt.substring(0, 10)) }}' })
  if (draft.has('report.write')) report(draft, place, words)
}

function compose(draft: Draft, place: Place, words: string): void {
  readDocument(draft, place)
  const clause = draft.understanding.pieces[draft.clause]?.text ?? words
  const { known } = place
  const own = known.output('ingestion.parse')
  const facts = known.has('analysis.extract')
    ? `default(${known.output('analysis.extract')}.fields, []).map(f, {"id": f.name, "name": f.name, "value": f.value})`
    : `[{"id": "message", "name": "Message", "value": ${own}.preview == "" ? ${own}.name : ${own}.preview}]`
  const summary = known.has('analysis.summarise')
    ? ` + [{"id": "summary", "name": "Summary", "value": ${known.output('analysis.summarise')}.summary}]`
    : ''
  draft.operate(place, 'analysis.draft', words, {
    kind: 'mail',
    purpose: draft.quote(clause).slice(0, 500),
    facts: `\${{ ${facts}${summary} }}`,
    language: draft.goal.language,
  })
  draft.assume('The draft is made of what was read from the document; without a model it only lists it.')
}

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['pdf', /pdf/i],
  ['xlsx', /excel|xlsx|spreadsheet|tabelle/i],
  ['csv', /csv/i],
  ['html', /html/i],
]
const DOCUMENT_RESULTS = [
  'analysis.extract',
  'analysis.classify',
  'analysis.summarise',
  'analysis.entities',
  'analysis.tags',
  'quality.check',
]

function report(draft: Draft, place: Place, words: string): void {
  const asked = FORMATS.flatMap(([format, pattern]) => (pattern.test(draft.goal.text) ? [format] : []))
  const formats = asked.length > 0 ? asked : ['pdf', 'xlsx']
  if (asked.length === 0) draft.assume('No format was named: the report is written as PDF and XLSX.')
  const { known } = place
  const isProse = [
    'analysis.answer',
    'analysis.compare',
    'analysis.relations',
    'analysis.sentiment',
    'analysis.rewrite',
    'analysis.draft',
  ].some((operation) => known.has(operation))
  const template = known.has('analysis.digest')
    ? 'inbox-digest'
    : isProse && !DOCUMENT_RESULTS.some((operation) => known.has(operation))
      ? 'blocks'
      : 'document-report'
  if (template === 'document-report' && !DOCUMENT_RESULTS.some((operation) => known.has(operation)))
    ensure(draft, place, 'analysis.extract', words)
  if (template === 'document-report' && isProse)
    draft.assume('The report shows what was read from the document; answers, changes and relations stand in the mail or message only.')
  const data: Json =
    template === 'inbox-digest'
      ? known.value('analysis.digest')
      : template === 'blocks'
        ? { title: draft.title, blocks: [{ kind: 'text', text: known.text(draft.title) }] }
        : { documents: [documentResult(place)] }
  draft.operate(place, 'report.write', words, { template, data, formats })
  draft.reportFormats = formats
}

function documentResult({ known, document }: Place): Json {
  const part = (name: string, operation: string, path: string, instead: string): Record<string, Json> =>
    known.has(operation) ? { [name]: `\${{ default(${known.output(operation, path)}, ${instead}) }}` } : {}
  const isRead = known.has('ingestion.parse')
  return {
    document: {
      id: `\${{ ${document} }}`,
      name: isRead ? known.value('ingestion.parse', '.name') : `\${{ ${document} }}`,
      ...(isRead && { format: known.value('ingestion.parse', '.format'), pageCount: known.value('ingestion.parse', '.pageCount') }),
    },
    ...part('classification', 'analysis.classify', '', 'null'),
    ...part('fields', 'analysis.extract', '.fields', '[]'),
    ...part('lineItems', 'analysis.extract', '.lineItems', '[]'),
    ...part('missing', 'analysis.extract', '.missing', '[]'),
    ...part('summary', 'analysis.summarise', '', 'null'),
    ...part('entities', 'analysis.entities', '.entities', '[]'),
    ...part('tags', 'analysis.tags', '.tags', '[]'),
    ...part('quality', 'quality.check', '', 'null'),
  }
}

const WHO =
  /(?<![\p{L}])(?:manager|boss|chef\p{L}*|cfo|ceo|team lead|accounting|legal|back office|supervisor|finance|director|controller|buchhaltung|vorgesetzte\p{L}*|geschäftsführung|leitung|rechtsabteilung|teamleit\p{L}*)(?![\p{L}])/iu

function approve(draft: Draft, place: Place, words: string): boolean {
  const last = place.list.at(-1)
  if (last !== undefined && 'approval' in last.body) {
    place.known = place.known.with('approval', last.body.id)
    return true
  }
  const who = WHO.exec(words)?.[0]
  draft.assume(
    who === undefined
      ? 'Whoever may decide approvals in the tenant can decide; a rejection ends the run.'
      : `“${who}” is not enforced: whoever may decide approvals in the tenant can decide; a rejection ends the run.`,
  )
  const what = place.known.has('ingestion.parse') ? `{{ ${place.known.output('ingestion.parse', '.name')} }}` : draft.words.document
  const details = place.known.members()
  const id = draft.step(place, 'approval', words, {
    approval: {
      title: draft.words.approve(what),
      details: { ...details, asked: draft.quote(words), ...(who !== undefined && { who }) },
      ...(/reject|declin|denied|refuse|abgelehnt|ablehn|lehnt|approved|genehmigt wurde|freigegeben (?:ist|wurde)/i.test(
        draft.goal.text,
      ) && { onReject: 'continue' }),
    },
  })
  place.known = place.known.with('approval', id)
  return true
}

const AWAITS =
  /(?:unless|until|wait for|for|außer wenn|bis|auf)\s+(?:the |an? |our |their |die |das |der |den |eine? )?(?<what>(?!(?:seconds?|minutes?|hours?|days?|weeks?|tage?|an?|one|two|three|four|five|six|seven|ten|fourteen)(?![\p{L}]))[\p{L}]+)(?: event| notification)?/iu

function wait(draft: Draft, place: Place, words: string, event: string | undefined): boolean {
  const duration = readDuration(words)
  const awaited = event ?? AWAITS.exec(words)?.groups?.what
  const isEvent = awaited !== undefined || duration === undefined
  const name = `${(awaited ?? 'continue').toLowerCase().replace(/[^a-zäöüß]/g, '')}.received`
  const waiting: Json = isEvent
    ? { event: name, correlation: `\${{ ${place.document} }}`, ...(duration !== undefined && { timeout: duration }) }
    : { for: duration }
  const id = draft.step(place, 'wait', words, { wait: waiting, ...(isEvent && duration !== undefined && { onError: { continue: null } }) })
  place.known = place.known.with('wait', id)
  if (isEvent) draft.assume(`The run waits for the event “${name}”, correlated by the document's id: send it under this name.`)
  return true
}

function send(draft: Draft, place: Place, sending: Send): boolean {
  if (sending.deed === 'http') {
    const url = draft.goal.urls[sending.url] ?? ''
    const id = draft.step(place, 'http', sending.words, {
      http: { method: 'GET', url: `{{ vars.${draft.variable('url', url, 'Asked with GET.')} }}` },
    })
    place.known = place.known.with('http', id)
    return true
  }
  if (!draft.has(sending.deed)) return false
  return sending.deed === 'action.mail' ? mail(draft, place, sending) : webhook(draft, place, sending)
}

function webhook(draft: Draft, place: Place, { words, url }: Extract<Send, { deed: 'action.webhook' }>): boolean {
  const subject = draft.understanding.classes[0] ?? 'document'
  const address = url === undefined ? undefined : draft.goal.urls[url]
  draft.assume(
    address === undefined
      ? 'The webhook goes to the endpoint stored as the secret webhook:default; store its address and secret first.'
      : 'Webhooks are signed: store the signing secret as webhook:default.',
  )
  draft.operate(place, 'action.webhook', words, {
    endpoint: 'default',
    ...(address !== undefined && { url: `\${{ vars.${draft.variable('webhookUrl', address, 'Where the message goes.')} }}` }),
    event: `${subject}.processed`,
    data: {
      runId: '${{ run.id }}',
      ...(place.known.has('ingestion.parse') && { documentId: `\${{ ${place.document} }}` }),
      ...place.known.members(),
    },
  })
  return true
}

function mail(draft: Draft, place: Place, sending: Extract<Send, { deed: 'action.mail' }>): boolean {
  const { words, mails, role, toSender } = sending
  const { known } = place
  const to = recipients(draft, place, { mails, toSender, ...(role !== undefined && { role }) })
  const name = known.has('ingestion.parse') ? `: {{ ${known.output('ingestion.parse', '.name')} }}` : ''
  const attachments = known.has('report.write')
    ? [{ reportId: known.value('report.write', '.reportId'), format: draft.reportFormats[0] ?? 'pdf' }]
    : []
  const fallback = known.has('ingestion.parse')
    ? `{{ ${known.output('ingestion.parse', '.name')} }}\n\n{{ ${known.output('ingestion.parse', '.preview')} }}`
    : draft.title
  draft.operate(place, 'action.mail', words, {
    to,
    subject: `${draft.title.slice(0, 100)}${name}`,
    text: `${known.text(fallback)}\n`,
    ...(attachments.length > 0 && { attachments }),
  })
  if (attachments.length === 0 && known.has('ingestion.parse'))
    draft.assume('Mails carry what was found and reports, not the document itself.')
  return true
}

function recipients(draft: Draft, place: Place, { mails, role, toSender }: { mails: number[]; role?: string; toSender: boolean }): Json {
  const given = mails.flatMap((at) => draft.goal.mails[at] ?? [])
  if (given.length > 0) {
    const all = given.map((address) => `\${{ vars.${draft.variable('mailTo', address, 'Who gets the mail.')} }}`)
    return all.length === 1 ? (all[0] ?? '') : all
  }
  if (toSender && place.known.has('ingestion.parse')) {
    const from = `default(${place.known.output('ingestion.parse', '.metadata.from')}, "")`
    draft.assume('The answer goes to the sender of the mail that the run was started with.')
    return `\${{ contains(${from}, "<") ? ${from}.split("<")[1].split(">")[0] : ${from} }}`
  }
  const who = (role ?? 'recipient').toLowerCase()
  const latin = who
    .normalize('NFD')
    .replace(/[^a-z0-9 ]/g, '')
    .replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
  const variable = draft.variable(
    `${latin === '' || /^\d/.test(latin) ? 'recipient' : latin}Mail`,
    '',
    `The address of “${who}”: fill it in, or the mail fails.`,
  )
  draft.assume(`No address was given for “${who}”: set vars.${variable} before the first run.`)
  return `\${{ vars.${variable} }}`
}
