import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useEffect, useState } from 'react'

export type PdfState = { kind: 'loading' } | { kind: 'ready'; pdf: PDFDocumentProxy } | { kind: 'failed'; error: unknown }

/** Opens a PDF from bytes; it is closed when the bytes change or the component goes. */
export function usePdf(bytes: Blob): PdfState {
  const [state, setState] = useState<PdfState>({ kind: 'loading' })
  useEffect(() => {
    let gone = false
    setState({ kind: 'loading' })
    const opening = open(bytes)
    opening.then(
      (task) =>
        task.promise.then(
          (pdf) => gone || setState({ kind: 'ready', pdf }),
          (error) => gone || setState({ kind: 'failed', error }),
        ),
      (error) => gone || setState({ kind: 'failed', error }),
    )
    return () => {
      gone = true
      void opening.then((task) => task.destroy())
    }
  }, [bytes])
  return state
}

async function open(bytes: Blob) {
  const pdfjs = await import('pdfjs-dist')
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  return pdfjs.getDocument({
    data: await bytes.arrayBuffer(),
    // Errors only: fonts with oddities are common and still drawn.
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    cMapUrl: '/pdfjs/cmaps/',
    standardFontDataUrl: '/pdfjs/standard_fonts/',
    wasmUrl: '/pdfjs/wasm/',
  })
}
