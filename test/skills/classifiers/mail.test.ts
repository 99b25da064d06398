import { expect, test } from 'vitest'
import { isRawMail, sampleOf } from '../../../workers/skills/classify/learn/sample'

const MAIL = `From someone Mon Jul  1 00:00:00 2024
Received: from desk.example (unknown [203.0.113.9])
	by mx.acme.example; Mon, 1 Jul 2024 10:00:00 +0200
From: Offers <offers@shop.example>
Reply-To: money@elsewhere.example
To: you@acme.example
Subject: =?utf-8?q?GEWINN_f=C3=BCr_Sie!?=
X-Mailer: Bulk Machine 3.1
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body bgcolor=3D"#ff0000"><font size=3D7>Click <a href=3D"http://203.0.113.9:8080/x">here=
</a> for f=C3=BCnf prizes</font><img src=3Dhttp://tracker.example/p.gif></body></html>
`

test('a raw mail is told from a text that only mentions headers', () => {
  expect(isRawMail(MAIL)).toBe(true)
  expect(isRawMail(MAIL.slice(MAIL.indexOf('Received')))).toBe(true)
  expect(isRawMail('Subject: lunch\nShall we?')).toBe(false)
  expect(isRawMail('Note: the header\nFrom: is missing in\nthe mail.')).toBe(false)
})

test('of a mail it reads the decoded words, the headers, the build and the links', async () => {
  const { text, marks } = await sampleOf(MAIL)
  expect(text).toContain('GEWINN für Sie!')
  expect(text).toContain('Click here for fünf prizes')
  expect(text).not.toContain('<font')
  expect(marks).toEqual(
    expect.arrayContaining([
      'header x-mailer',
      'hop unknown',
      'from shop.example',
      'reply other domain',
      'tag font',
      'look bgcolor #ff0000',
    ]),
  )
  expect(marks).toEqual(expect.arrayContaining(['link to a number', 'link with a port', 'links to others', 'subject calls']))
})

test('a broken mail is still read', async () => {
  const sample = await sampleOf(`${MAIL.slice(0, 500)}\nContent-Type: multipart/mixed; boundary=\n\n--\n\x00\xff`)
  expect(sample.marks.length).toBeGreaterThan(5)
})
