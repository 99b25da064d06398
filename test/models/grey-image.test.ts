import { readFileSync } from 'node:fs'
import { zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { decodeGreyPng, doubleSize, encodePgm } from '../../workers/models/grey-image'

/** A PNG of filtered rows; checksums are zero, as the decoder reads only what its own engine wrote. */
function pngOf(width: number, height: number, rows: number[], depth = 8, pieces = 1): Uint8Array {
  const chunk = (kind: string, body: Uint8Array) => {
    const whole = new Uint8Array(12 + body.length)
    new DataView(whole.buffer).setUint32(0, body.length)
    whole.set(new TextEncoder().encode(kind), 4)
    whole.set(body, 8)
    return whole
  }
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  header[8] = depth
  const packed = zlibSync(Uint8Array.from(rows))
  const size = Math.ceil(packed.length / pieces)
  const bodies = Array.from({ length: pieces }, (_, index) => chunk('IDAT', packed.subarray(index * size, (index + 1) * size)))
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...chunk('IHDR', header),
    ...bodies.flatMap((body) => Array.from(body)),
    ...chunk('IEND', new Uint8Array(0)),
  ])
}

describe('decodeGreyPng', () => {
  it('undoes each of the five row filters', () => {
    // Every row stands for 10, 20, 30 after its filter is undone.
    const rows = [0, 10, 20, 30, 1, 10, 10, 10, 2, 0, 0, 0, 3, 5, 5, 5, 4, 0, 0, 0]
    const image = decodeGreyPng(pngOf(3, 5, rows))
    expect(Array.from(image?.pixels ?? [])).toEqual([10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30])
  })

  it('reads data that is spread over several chunks', () => {
    expect(Array.from(decodeGreyPng(pngOf(2, 2, [0, 1, 2, 0, 3, 4], 8, 3))?.pixels ?? [])).toEqual([1, 2, 3, 4])
  })

  it('leaves other kinds of PNG alone', () => {
    expect(decodeGreyPng(pngOf(2, 2, [0, 1, 2, 0, 3, 4], 1))).toBeUndefined()
    const colour = readFileSync('test/fixtures/ocr/invoice.png')
    colour[25] = 2
    expect(decodeGreyPng(colour)).toBeUndefined()
  })
})

describe('doubleSize', () => {
  it('keeps a plain area plain', () => {
    expect(doubleSize({ width: 2, height: 2, pixels: new Uint8Array(4).fill(77) })).toEqual({
      width: 4,
      height: 4,
      pixels: new Uint8Array(16).fill(77),
    })
  })

  it('blends across an edge', () => {
    expect(Array.from(doubleSize({ width: 2, height: 1, pixels: Uint8Array.from([0, 200]) }).pixels.subarray(0, 4))).toEqual([
      0, 50, 150, 200,
    ])
  })
})

it('encodes a binary PGM', () => {
  expect(new TextDecoder('latin1').decode(encodePgm({ width: 1, height: 2, pixels: Uint8Array.from([65, 66]) }))).toBe('P5\n1 2\n255\nAB')
})
