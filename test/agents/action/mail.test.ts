import { describe, expect, it } from 'vitest'
import { mail } from '../../../workers/agents/action/mail'
import { AppError } from '../../../workers/domain/error'
import { createActionPorts, createContext, MemoryLedger } from './stage'

const letter = { to: 'anna@example.com', subject: 'Grüße', text: 'Hello' }
const stage = (changes: Parameters<typeof createActionPorts>[1] = {}) => {
  const ledger = new MemoryLedger()
  const { ports, mails } = createActionPorts({}, changes)
  return {
    ledger,
    mails,
    send: (input: Record<string, unknown> = {}) => mail.run(mail.input.parse({ ...letter, ...input }), createContext(ledger), ports),
  }
}
const failing = (error: unknown) => stage({ mailer: { send: () => Promise.reject(error) } })

describe('mail', () => {
  it('sends once, with reports attached and a Message-ID from the effect', async () => {
    const { ledger, mails, send } = stage()
    const receipt = await send({ from: 'steward@example.org', attachments: [{ reportId: 'rep_1', format: 'pdf' }] })
    expect(await send({ from: 'steward@example.org', attachments: [{ reportId: 'rep_1', format: 'pdf' }] })).toEqual(receipt)
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({
      to: ['anna@example.com'],
      messageId: `<${ledger.only().key}@example.org>`,
      attachments: [{ name: 'Invoice 42.pdf', mediaType: 'application/pdf' }],
    })
    expect(ledger.only()).toMatchObject({ status: 'settled', target: 'anna@example.com' })
  })

  it('fails and may be tried again when the mail was not taken', async () => {
    const { ledger, send } = failing(new AppError('unavailable', 'Try later.', { reason: 'not_sent' }))
    await expect(send()).rejects.toMatchObject({ code: 'unavailable' })
    expect(ledger.only().status).toBe('failed')
  })

  it('is handed to a person when nobody knows whether it was taken', async () => {
    for (const error of [new AppError('unavailable', 'Cut.', { reason: 'unknown_outcome' }), new Error('socket')]) {
      const { ledger, send } = failing(error)
      await expect(send()).rejects.toMatchObject({ code: 'conflict', reason: 'effect_unknown' })
      expect(ledger.only().status).toBe('unknown')
    }
  })

  it('gives a receipt where that person found that it went out', async () => {
    const { ledger, send } = failing(new Error('socket'))
    await expect(send()).rejects.toMatchObject({ reason: 'effect_unknown' })
    await ledger.settle(ledger.only().key, { confirmedBy: 'ann', confirmedAt: '2026-03-05T12:00:00.000Z' })
    const receipt = mail.output.parse(await send())
    expect(receipt).toMatchObject({ messageId: `<${ledger.only().key}@steward.invalid>`, recipients: 1, confirmedBy: 'ann' })
  })

  it('refuses reports that do not exist before it begins', async () => {
    const { ledger, send } = stage()
    await expect(send({ attachments: [{ reportId: 'rep_9', format: 'pdf' }] })).rejects.toMatchObject({ code: 'not_found' })
    expect(ledger.effects.size).toBe(0)
  })

  it('refuses header injection, bad addresses and crowds', () => {
    for (const input of [
      { subject: 'a\r\nBcc: x@y.de' },
      { to: 'a@b.de\r\nBcc: c@d.de' },
      { to: 'nobody' },
      { to: Array(51).fill('a@b.de') },
      { inReplyTo: '<a>\r\nX: y' },
    ]) {
      expect(mail.input.safeParse({ ...letter, ...input }).success).toBe(false)
    }
  })
})
