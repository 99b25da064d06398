import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readImageSize } from '../../workers/models/image-size'

const ascii = (text: string) => new TextEncoder().encode(text)

describe('readImageSize', () => {
  it('reads the size of a PNG', () => {
    expect(readImageSize(readFileSync('test/fixtures/ocr/invoice.png'))).toEqual({ format: 'png', width: 1000, height: 420 })
  })

  it('reads the size of a JPEG behind other segments and fill bytes', () => {
    const jpeg = Uint8Array.from([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc4, 0, 3, 9, 0xff, 0xc2, 0, 17, 8, 0x03, 0xb5, 0x01, 0xcb, 3, 0, 0,
    ])
    expect(readImageSize(jpeg)).toEqual({ format: 'jpeg', width: 459, height: 949 })
  })

  it('reads the size of a binary PGM', () => {
    expect(readImageSize(ascii('P5\n640 480\n255\n…'))).toEqual({ format: 'pgm', width: 640, height: 480 })
  })

  it('knows nothing of other files, cut headers and empty pictures', () => {
    for (const file of ['', 'GIF89a', 'P5\n640', 'P5\n0 10\n255\n']) expect(readImageSize(ascii(file))).toBeUndefined()
    expect(readImageSize(readFileSync('test/fixtures/ocr/invoice.png').subarray(0, 20))).toBeUndefined()
    expect(readImageSize(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined()
  })
})
