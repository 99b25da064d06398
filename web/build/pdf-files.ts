import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

/** What pdf.js loads on demand: substitutes of the 14 standard fonts, CJK character maps, image decoders. */
const FOLDERS = ['standard_fonts', 'cmaps', 'wasm'] as const

/** Copies pdf.js's run-time files beside the bundle under `pdfjs/`, so that a page shows right without a CDN. */
export function pdfFiles(): Plugin {
  const home = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return {
    name: 'steward-pdf-files',
    apply: 'build',
    generateBundle() {
      for (const folder of FOLDERS) {
        for (const name of readdirSync(join(home, folder))) {
          // The script engine for PDF forms is never started here.
          if (name.startsWith('quickjs')) continue
          this.emitFile({ type: 'asset', fileName: `pdfjs/${folder}/${name}`, source: readFileSync(join(home, folder, name)) })
        }
      }
    },
  }
}
