import { describe, expect, it } from 'vitest'
import invoiceUrl from '../fixtures/ocr/invoice.png?inline'
import { models } from './models-script'

const invoice = Uint8Array.from(atob(invoiceUrl.slice(invoiceUrl.indexOf(',') + 1)), (char) => char.charCodeAt(0))
const blankPage = (width: number, height: number) => {
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(header.length + width * height).fill(255)
  file.set(header)
  return file
}

async function read(file: Uint8Array) {
  const answer = await models.recognise(file)
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}

describe('OCR', () => {
  it('reads an image of text, line by line', async () => {
    const { words, confidence } = await read(invoice)
    const lines = Object.values(Object.groupBy(words, (word) => word.line)).map((line) => line?.map((word) => word.text).join(' '))
    expect(lines).toEqual([
      'Invoice 2026-1042',
      'Acme Solar Ltd, 12 Harbour Street',
      'Total due: 1,249.50 EUR',
      'Please pay within 14 days.',
    ])
    expect(confidence).toBeGreaterThan(0.8)
  })

  it('places each word where it stands in the image', async () => {
    const { words } = await read(invoice)
    const first = words[0]!
    // The first line is drawn with its baseline at 70 and starts at x 40.
    expect(first).toMatchObject({ text: 'Invoice', line: 0 })
    expect(Math.abs(first.x - 42)).toBeLessThan(5)
    expect(Math.abs(first.y + first.height - 70)).toBeLessThan(5)
    expect(words.every((word) => word.confidence >= 0 && word.confidence <= 1)).toBe(true)
  })

  it('finds no words on an empty page', async () => {
    expect(await read(blankPage(300, 200))).toEqual({ words: [], confidence: 0 })
  })

  it('refuses damaged, foreign and huge images with a reason and reads on afterwards', async () => {
    expect(await models.recognise(invoice.subarray(0, 3_000))).toMatchObject({
      ok: false,
      error: { code: 'invalid', reason: 'corrupt' },
    })
    expect(await models.recognise(new TextEncoder().encode('GIF89a'))).toMatchObject({
      ok: false,
      error: { code: 'invalid', reason: 'unsupported_type' },
    })
    const bomb = new TextEncoder().encode('P5\n60000 60000\n255\n')
    expect(await models.recognise(bomb)).toMatchObject({ ok: false, error: { code: 'too_large' } })
    expect((await read(invoice)).words.length).toBeGreaterThan(10)
  })

  it('takes turns with the encoder when both are asked at once', async () => {
    const [page, vectors, again] = await Promise.all([read(invoice), models.embed(['hello']), read(invoice)])
    expect(vectors).toMatchObject({ ok: true })
    expect(again).toEqual(page)
  })
})
