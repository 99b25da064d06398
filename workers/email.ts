import type { AuditOrigin } from './domain/audit'
import { AppError, unwrap } from './domain/error'
import type { Identity } from './domain/identity'
import { commitDocument, type Digest, discardDocument, type IntakeDeps, stageDocument } from './domain/intake'
import { automaticReason, contentKeys, MailKeys, type MailLog, type MailTarget, parseRecipient, type ReceivedMail } from './domain/mail'
import type { RunControl } from './domain/run-control'
import type { DoorPorts } from './domain/stores'
import { isOpen } from './domain/tenant-life'
import type { WorkflowVersion } from './domain/workflows'

export interface EmailDeps {
  identity: Pick<Identity, 'findTenantBySlug'>
  portsFor(tenantId: string): DoorPorts
  runs(tenantId: string): RunControl
  mailLog(tenantId: string): MailLog
  newDigest(): Digest
  maxMailBytes: number
}

/** What is used of `ForwardableEmailMessage`. */
export interface IncomingMail {
  from: string
  to: string
  headers: Headers
  raw: ReadableStream<Uint8Array>
  rawSize: number
  setReject(reason: string): void
}

interface Delivery {
  mail: IncomingMail
  target: MailTarget
  workflow: WorkflowVersion
  ports: DoorPorts
  runs: RunControl
  log: MailLog
}

/**
 * Takes mail for `<workflow>+<tenant-slug>@…`: the raw mail becomes a document, and a run of the workflow starts with it.
 *
 * 1. Unknown recipients, those of closed tenants, and mails that are too large are refused at SMTP time, so that the sender is told.
 * 2. Automatic mail is stored and starts nothing.
 * 3. A mail seen before (by Message-ID or by content) starts nothing twice; only one of the same content is not stored again. The run's id is fixed before it is started, so a delivery
 *    that was cut off is finished when the mail comes again. Anything unexpected is thrown: the sending server then tries again.
 */
export function createEmailHandler(deps: EmailDeps): (mail: IncomingMail) => Promise<void> {
  return async (mail) => {
    const delivery = await findRecipient(deps, mail)
    if (delivery === undefined) return mail.setReject(`550 5.1.1 No such recipient: ${mail.to} names no workflow of a tenant.`)
    if (mail.rawSize > deps.maxMailBytes) return mail.setReject(`552 5.3.4 The message is larger than ${deps.maxMailBytes} bytes.`)
    try {
      await receive(deps, delivery)
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.reason !== 'plan_storageBytes') throw thrown
      mail.setReject(`552 5.2.2 ${mail.to} has no room for further documents.`)
    }
  }
}

async function findRecipient(deps: EmailDeps, mail: IncomingMail): Promise<Delivery | undefined> {
  const target = parseRecipient(mail.to)
  const tenant = target && (await deps.identity.findTenantBySlug(target.tenantSlug))
  if (target === undefined || tenant === undefined || !isOpen(tenant)) return undefined
  const ports = deps.portsFor(tenant.id)
  const workflow = await ports.workflows.find(target.workflow)
  return workflow && { mail, target, workflow, ports, runs: deps.runs(tenant.id), log: deps.mailLog(tenant.id) }
}

async function receive(deps: EmailDeps, delivery: Delivery): Promise<void> {
  const { mail, target, ports, log } = delivery
  const intake: IntakeDeps = { ports, newDigest: deps.newDigest, maxUploadBytes: deps.maxMailBytes }
  const reading = new MailKeys(mail.headers, deps.newDigest())
  const staged = await stageDocument(intake, { body: reading.read(mail.raw), name: `${subjectOf(mail)}.eml`, source: 'email' })
  // Once: the digest ends with it.
  const keys = reading.keys()
  const known = await log.find(target.workflow, keys)
  if (known !== undefined && (await log.find(target.workflow, contentKeys(keys))) !== undefined) {
    await discardDocument(intake, staged)
    return await start(delivery, known)
  }
  const { document } = await commitDocument(intake, staged)
  // Another content under a known Message-ID is kept for a person to look at, and starts nothing a second time.
  if (known !== undefined) {
    console.info(
      JSON.stringify({ message: 'a known Message-ID came with other content', tenantId: ports.tenantId, documentId: document.id }),
    )
    return await start(delivery, known)
  }
  const reason = automaticReason(mail.headers, mail.from)
  if (reason !== undefined) {
    console.info(JSON.stringify({ message: 'automatic mail starts no run', tenantId: ports.tenantId, documentId: document.id, reason }))
    return
  }
  const entry = { workflow: target.workflow, keys, documentId: document.id, runId: ports.newId('run'), at: ports.clock.now().toISOString() }
  await start(delivery, await log.claim(entry))
}

/** Starts the run that the log names, unless it was; starting the same id again changes nothing. */
async function start({ mail, target, workflow, runs, log }: Delivery, entry: ReceivedMail): Promise<void> {
  if (entry.isStarted) return
  const { runId, documentId } = entry
  unwrap(
    await runs.start({
      runId,
      workflow,
      input: { documentId },
      trigger: 'email',
      documentId,
      title: subjectOf(mail),
      origin: originOf(documentId),
    }),
  )
  await log.markStarted(target.workflow, runId)
}

/** The stored mail, which names its sender: the audit is never changed, so it holds no address that somebody may want erased. */
const originOf = (documentId: string): AuditOrigin => ({ actor: { kind: 'mail', id: documentId }, address: '', requestId: '' })

const MAX_SUBJECT = 120

/** The subject in readable form, one line. */
function subjectOf(mail: IncomingMail): string {
  const subject = decodeWords(mail.headers.get('subject') ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  return Array.from(subject === '' ? 'Mail without subject' : subject)
    .slice(0, MAX_SUBJECT)
    .join('')
}

/** Encoded words of RFC 2047; one that cannot be decoded stays as it is written. */
function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?\s]+\?[BQbq]\?[^?]*\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?([^?\s*]+)(?:\*[^?]*)?\?([BQbq])\?([^?]*)\?=/g, (word: string, charset: string, encoding: string, content: string) => {
      try {
        const latin = encoding.toUpperCase() === 'B' ? atob(content) : unquote(content)
        return new TextDecoder(charset).decode(Uint8Array.from(latin, (character) => character.charCodeAt(0)))
      } catch {
        // An unknown charset or broken base64: the mail itself is stored whole, this is only its title.
        return word
      }
    })
}

const unquote = (content: string): string =>
  content.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
