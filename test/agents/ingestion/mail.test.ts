import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../workers/agents/ingestion/parse'
import type { ParsedDocument } from '../../../workers/domain/documents'
import { encode } from './build-files'

const mail = (lines: string[]): Uint8Array => encode(lines.join('\r\n'))
const HEAD = [
  'From: Ada Lovelace <ada@example.com>',
  'To: bob@example.com, Team: c@example.com;',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Message-ID: <1@example.com>',
  'Date: Fri, 6 Mar 2026 10:00:00 +0100',
  'MIME-Version: 1.0',
]

describe('mails', () => {
  it('show their headers, and keep them as metadata', async () => {
    const document = await parseDocument(mail([...HEAD, 'Content-Type: text/plain', '', 'Hello Bob,', '', 'please pay.']), 'a.eml')
    expect(document).toMatchObject({
      format: 'eml',
      title: 'Grüße',
      metadata: {
        from: 'Ada Lovelace <ada@example.com>',
        to: 'bob@example.com, c@example.com',
        subject: 'Grüße',
        messageId: '<1@example.com>',
      },
    })
    expect(document.pages[0]?.text).toMatch(/Subject: Grüße\n\nHello Bob,\n\nplease pay\.$/)
  })

  it('read the HTML where there is no plain text', async () => {
    const document = await parseDocument(
      mail([...HEAD, 'Content-Type: text/html', '', '<h1>Big offer</h1><p>Buy <b>now</b></p><script>x()</script>']),
      'a.eml',
    )
    expect(document.pages[0]?.text).toMatch(/Big offer\n\nBuy now$/)
    expect(document.title).toBe('Grüße')
  })

  it('hold attachments, mails in mails too, to a bound', async () => {
    const wrap = (inner: string[], level: number): string[] => [
      'From: a@b.c',
      `Subject: level ${level}`,
      'MIME-Version: 1.0',
      `Content-Type: multipart/mixed; boundary=b${level}`,
      '',
      `--b${level}`,
      'Content-Type: message/rfc822',
      '',
      ...inner,
      `--b${level}--`,
      '',
    ]
    const innermost = ['From: a@b.c', 'Subject: innermost', '', 'text']
    const levels = [1, 2, 3, 4, 5, 6].reduce(wrap, innermost)
    const subjects: string[] = []
    const walk = (document: ParsedDocument) => {
      subjects.push(document.title ?? '')
      for (const { document: child } of document.embedded) if (child) walk(child as ParsedDocument)
    }
    walk(await parseDocument(mail(levels), 'deep.eml'))
    expect(subjects).toEqual(['level 6', 'level 5', 'level 4', 'level 3', 'level 2'])
  })

  it('survive a boundary that never closes', async () => {
    const document = await parseDocument(
      mail([
        ...HEAD,
        'Content-Type: multipart/mixed; boundary=x',
        '',
        '--x',
        'Content-Type: text/plain',
        '',
        'the text',
        '--x',
        'Content-Type: text/csv; name="../../data.csv"',
        'Content-Disposition: attachment; filename="../../data.csv"',
        '',
        'a,b',
        '1,2',
        '3,4',
      ]),
      'a.eml',
    )
    expect(document.pages[0]?.text).toContain('the text')
    expect(document.embedded).toMatchObject([{ name: 'data.csv', document: { format: 'csv' } }])
  })
})

describe('mailboxes', () => {
  it('have one page a mail', async () => {
    const document = await parseDocument(
      mail([
        'From a@b.c Mon Jun 01 10:00:00 2009',
        'Subject: one',
        '',
        'first',
        '',
        'From d@e.f Mon Jun 01 11:00:00 2009',
        'Subject: two',
        '',
        'second',
        '>From the start',
      ]),
      'a.mbox',
    )
    expect(document.pages.map(({ text }) => text.split('\n')[0])).toEqual(['Subject: one', 'Subject: two'])
    expect(document.metadata).toMatchObject({ mails: '2', subject: 'one' })
  })
})
