import type { Ports } from '../../domain/ports'
import { foldName } from '../../skills/extract/names'
import type { Facts } from './facts'
import type { Check } from './schema'

type FingerprintPorts = Pick<Ports, 'documents'>

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The document that held a fingerprint before, or undefined after taking it for this one. */
async function claim(ports: FingerprintPorts, fingerprint: string, documentId: string): Promise<string | undefined> {
  const holder = await ports.documents.claimFingerprint(await sha256(fingerprint), documentId)
  return holder === documentId ? undefined : holder
}

/** What tells two invoices apart: who wrote it and its number, however they are written. */
function identityOf(facts: Facts): string | undefined {
  const issuer = foldName(facts.text('issuer') ?? '')
  const number = (facts.text('invoiceNumber') ?? '').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
  return issuer === '' || number === '' ? undefined : `${issuer}|${number}`
}

/** Whether an earlier document has the same bytes, or the same issuer and invoice number. */
export async function checkDuplicate(ports: FingerprintPorts, facts: Facts): Promise<{ checks: Check[]; duplicateOf?: string }> {
  const { documentId, class: documentClass } = facts.input
  const record = await ports.documents.find(documentId)
  const content = record ? await claim(ports, `content|${record.sha256}`, documentId) : undefined
  const identity = ['invoice', 'credit_note', 'receipt'].includes(documentClass) ? identityOf(facts) : undefined
  const number = identity === undefined ? undefined : await claim(ports, `${documentClass}|${identity}`, documentId)
  const duplicateOf = content ?? number
  if (record === undefined && identity === undefined) return { checks: [] }
  const why = content ? 'the same bytes' : 'the same issuer and number'
  const reason = duplicateOf
    ? `Document ${duplicateOf} came earlier with ${why}.`
    : 'No earlier document has the same bytes or the same issuer and number.'
  return {
    checks: [{ name: 'not_a_duplicate', severity: 'error', passed: duplicateOf === undefined, reason }],
    ...(duplicateOf && { duplicateOf }),
  }
}
