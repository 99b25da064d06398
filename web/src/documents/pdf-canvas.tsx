import type { PDFDocumentProxy } from 'pdfjs-dist'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ErrorState } from '../components/states'

/** Sharper than this is not seen and costs memory. */
const MAX_PIXEL_RATIO = 2
/** Pages are drawn no wider than this many CSS pixels. */
const MAX_WIDTH = 1_200

interface PdfCanvasProps {
  pdf: PDFDocumentProxy
  page: number
  label: string
  /** Drawn over the page. */
  overlay?: ReactNode
}

/** One page of an open PDF, as wide as there is room. */
export function PdfCanvas({ pdf, page, label, overlay }: PdfCanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(frame)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (width === 0 || canvas.current === null) return
    const drawing = draw(pdf, page, canvas.current, width)
    drawing.done.catch(setError)
    return drawing.cancel
  }, [pdf, page, width])
  return (
    <div ref={frame} className="relative bg-white">
      {error !== undefined && <ErrorState error={error} />}
      <canvas ref={canvas} role="img" aria-label={label} className="block h-auto w-full" />
      {overlay}
    </div>
  )
}

/** Draws on a canvas of its own and copies, so that the page shown before stays until the next one is there. */
function draw(pdf: PDFDocumentProxy, page: number, target: HTMLCanvasElement, width: number): { done: Promise<void>; cancel: () => void } {
  let cancelled = false
  let cancelRender: (() => void) | undefined
  const work = async (): Promise<void> => {
    const proxy = await pdf.getPage(Math.min(page, pdf.numPages))
    if (cancelled) return
    const scale = (Math.min(width, MAX_WIDTH) * Math.min(devicePixelRatio, MAX_PIXEL_RATIO)) / proxy.getViewport({ scale: 1 }).width
    const viewport = proxy.getViewport({ scale })
    const canvas = document.createElement('canvas')
    canvas.width = Math.floor(viewport.width)
    canvas.height = Math.floor(viewport.height)
    const task = proxy.render({ canvas, viewport })
    cancelRender = () => task.cancel()
    await task.promise
    if (cancelled) return
    target.width = canvas.width
    target.height = canvas.height
    target.getContext('2d')?.drawImage(canvas, 0, 0)
  }
  const done = work().catch((error: unknown) => {
    // Cancelling is how a drawing that nobody waits for ends.
    if (!cancelled) throw error
  })
  return {
    done,
    cancel: () => {
      cancelled = true
      cancelRender?.()
    },
  }
}

/** The element's width in CSS pixels, in steps, so that dragging a window's edge does not draw anew at every pixel. */
function useWidth(element: { current: HTMLElement | null }): number {
  const STEP = 40
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observed = element.current
    if (observed === null) return
    const observer = new ResizeObserver(() => setWidth(Math.ceil(observed.clientWidth / STEP) * STEP))
    observer.observe(observed)
    return () => observer.disconnect()
  }, [element])
  return width
}
