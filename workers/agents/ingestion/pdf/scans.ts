import type { Page } from '../../../domain/documents'
import type { Draft } from '../draft'
import { readWithOcr } from '../ocr-page'
import type { InnerTools } from '../tools'
import { type Raster, toUprightGrey } from './raster'

type PdfFile = Awaited<ReturnType<typeof import('unpdf')['getDocumentProxy']>>
type PdfPage = Awaited<ReturnType<PdfFile['getPage']>>

/** Smaller images are logos, not pages. */
const MIN_SCAN_PIXELS = 200_000

/** Reads a page without text by OCR of its largest image. False when the page holds no such image: it is just empty. */
export async function readScan(
  draft: Draft,
  { pdf, page, target, rotation }: { pdf: PdfFile; page: PdfPage; target: Page; rotation: number },
  tools: InnerTools,
): Promise<boolean> {
  const image = await largestImage(pdf, page.pageNumber)
  if (image === undefined || image.width * image.height < MIN_SCAN_PIXELS) return false
  if (tools.ocr === undefined || tools.budget.ocrPages <= 0) {
    draft.leaveOut(
      tools.ocr
        ? 'Further scanned pages were left out: too many for one document.'
        : `Page ${page.pageNumber} is a scan, and no text recognition is available.`,
    )
    return false
  }
  tools.progress?.(`Recognising text on page ${page.pageNumber}`)
  const grey = toUprightGrey(image, rotation)
  return await readWithOcr(draft, target, { width: grey.width, height: grey.height, channels: 1, data: grey.data }, tools)
}

async function largestImage(pdf: PdfFile, pageNumber: number): Promise<Raster | undefined> {
  const { extractImages } = await import('unpdf')
  const images = await extractImages(pdf, pageNumber)
  return images.sort((a, b) => b.width * b.height - a.width * a.height)[0]
}
