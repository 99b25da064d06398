import type { ParsedDocument } from '../../domain/documents'
import type { DetectedFormat } from './detect'
import { Draft } from './draft'
import { MAX_OCR_PIXELS } from './limits'
import { readWithOcr } from './ocr-page'
import { refuse, refuseCorrupt } from './refusals'
import type { InnerTools } from './tools'

/** A picture of a page: its text by OCR, boxes in pixels. Without OCR the page stays empty, with a warning. */
export async function parseImage(bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const size = detected.mediaType === 'image/png' ? pngSize(bytes) : jpegSize(bytes)
  if (size === undefined || size.width === 0 || size.height === 0) throw refuseCorrupt(`"${name}"`)
  if (size.width * size.height > MAX_OCR_PIXELS * 4)
    throw refuse('too_large', `"${name}" has ${size.width} × ${size.height} pixels; scale it down and send it again.`)
  const draft = new Draft('image', detected.mediaType)
  const page = draft.startPage(size)
  draft.note('pixels', `${size.width} × ${size.height}`)
  const read = size.width * size.height <= MAX_OCR_PIXELS && (await readWithOcr(draft, page, { ...size, channels: 0, data: bytes }, tools))
  if (!read) draft.leaveOut('The picture was not read: no text recognition is available for it.')
  return await draft.close(tools)
}

function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes.length < 33) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** From the first start-of-frame marker. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
  }
  return undefined
}
