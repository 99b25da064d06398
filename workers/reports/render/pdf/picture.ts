import type { PDFDocument, PDFImage } from 'pdf-lib'
import { AppError } from '../../../domain/error'
import type { ReportBlock } from '../../../domain/reports'
import { decodeImage } from '../images'
import type { Flow } from './flow'
import { breakLines } from './inline'
import { BODY_HEIGHT } from './theme'

type ImageBlock = Extract<ReportBlock, { kind: 'image' }>

/** Embeds a base64 PNG or JPEG. Refuses one that cannot be read with `invalid`, naming it as `what`. */
export async function embedImage(document: PDFDocument, base64: string, what: string): Promise<PDFImage> {
  const { kind, bytes } = decodeImage(base64, what)
  try {
    return await (kind === 'png' ? document.embedPng(bytes) : document.embedJpg(bytes))
  } catch (cause) {
    throw new AppError('invalid', `The ${what} could not be read as ${kind.toUpperCase()}: save it again and give the new file.`, { cause })
  }
}

/** Drawn at its own size (96 pixels an inch) or the given width in points, shrunk to fit the page; the caption, or the alternative text, below. */
export async function drawImage(flow: Flow, block: ImageBlock): Promise<void> {
  const { document, faces, theme } = flow.parts
  const image = await embedImage(document, block.data, `image "${block.alt}"`)
  const caption = block.caption
    ? breakLines(flow.pieces(block.caption, { size: 8, weight: 'regular', color: theme.muted }), flow.width, faces)
    : []
  const wanted = Math.min(block.width ?? image.width * 0.75, flow.width)
  const scale = Math.min(wanted / image.width, (BODY_HEIGHT - caption.length * 11 - 10) / image.height)
  const [width, height] = [image.width * scale, image.height * scale]
  flow.ensure(height + caption.length * 11 + 10)
  flow.pen.image(image, flow.left, flow.y, width, height)
  flow.y += height + 5
  for (const line of caption) {
    flow.drawLine(line, flow.left, flow.y + 8)
    flow.y += 11
  }
  flow.y += 12
}
