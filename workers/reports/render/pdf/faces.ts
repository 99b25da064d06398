import fontkit from '@cantoo/fontkit'
import type { PDFDocument, PDFFont, PDFHexString } from 'pdf-lib'
import type { FontFiles } from '../fonts'

export type Weight = 'regular' | 'semibold'

/** Shown in place of a character that the font does not have, so that a reader sees that something stands there. */
const MISSING = '□'
/** Control and format characters and variation selectors: they show nothing themselves. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|\p{Cf}|\p{Variation_Selector}/gu

/** Letters that print shops join (ﬁ, ﬂ, ﬀ, ﬆ …), as PDF texts carry them: fonts have the letters, not the joined forms. */
const LIGATURES = /[\ufb00-\ufb06]/g

/** Contextual forms off: they turn `10x20` and `->` into other signs. Kerning off: a PDF places whole words. */
const FEATURES = { calt: false, ccmp: false, kern: false }

/** The two embedded weights with their measures. */
export interface Faces {
  font(weight: Weight): PDFFont
  width(text: string, size: number, weight: Weight): number
  encode(text: string, weight: Weight): PDFHexString
  /** The text in characters that the font has: composed, without invisible ones, `□` for each character it lacks. */
  showable(text: string): string
}

export async function embedFaces(document: PDFDocument, files: FontFiles): Promise<Faces> {
  document.registerFontkit({ create: (bytes) => parsedFont(bytes).font })
  const options = { subset: true, features: FEATURES }
  const fonts = { regular: await document.embedFont(files.regular, options), semibold: await document.embedFont(files.semibold, options) }
  const known = new Set(fonts.regular.getCharacterSet())
  const widths = { regular: parsedFont(files.regular).widths, semibold: parsedFont(files.semibold).widths }
  const codes = { regular: new Map<string, PDFHexString>(), semibold: new Map<string, PDFHexString>() }
  return {
    font: (weight) => fonts[weight],
    width: (text, size, weight) => size * remember(widths[weight], text, () => fonts[weight].widthOfTextAtSize(text, 1)),
    encode: (text, weight) => remember(codes[weight], text, () => fonts[weight].encodeText(text)),
    showable: (text) => showable(text, known),
  }
}

/**
 * Fonts by their bytes, and widths at size 1: neither depends on the document, and reading a font's tables is a third of the work of
 * a short report. Whoever passes the same bytes again gains by it.
 */
const parsed = new WeakMap<Uint8Array, ReturnType<typeof parseFont>>()

const parseFont = (bytes: Uint8Array) => ({ font: fontkit.create(bytes), widths: new Map<string, number>() })

function parsedFont(bytes: Uint8Array) {
  const known = parsed.get(bytes) ?? parseFont(bytes)
  if (known.widths.size >= MAX_REMEMBERED) known.widths.clear()
  parsed.set(bytes, known)
  return known
}

/** Laying out a text is the slow part of writing a PDF, and tables say the same thing many times. */
const MAX_REMEMBERED = 20_000

function remember<T>(known: Map<string, T>, text: string, compute: () => T): T {
  const found = known.get(text)
  if (found !== undefined) return found
  const value = compute()
  if (known.size < MAX_REMEMBERED) known.set(text, value)
  return value
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Whole characters are replaced, as a reader counts them: an emoji of seven code points is one box. */
export function showable(text: string, known: ReadonlySet<number>): string {
  const lines = text
    .normalize('NFC')
    .replace(LIGATURES, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\t\u2028\u2029]/g, ' ')
    .replace(/\r\n?/g, '\n')
  const shown = lines.replace(INVISIBLE, '')
  const has = (character: string) => character === '\n' || known.has(character.codePointAt(0) ?? 0)
  if (Array.from(shown).every(has)) return shown
  const boxed = (segment: string) => (Array.from(segment.replace(INVISIBLE, '')).every(has) ? segment : MISSING)
  return Array.from(graphemes.segment(lines), ({ segment }) => boxed(segment))
    .join('')
    .replace(INVISIBLE, '')
}
