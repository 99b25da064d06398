import { MAX_TEXT_CHARACTERS } from '../limits'
import { refuse } from '../refusals'
import { readXml } from '../xml'
import type { OfficePackage } from './package'

/** The texts that cells refer to by number, rich text joined, phonetic hints left out. */
export function readSharedStrings(office: OfficePackage): string[] {
  const strings: string[] = []
  const entry = office.archive.find('xl/sharedStrings.xml')
  if (entry === undefined) return strings
  let text = ''
  let characters = 0
  let inText = false
  let inHint = false
  readXml(
    entry.chunks(),
    {
      open: (tag) => {
        if (tag === 'si') text = ''
        else if (tag === 't') inText = true
        else if (tag === 'rPh') inHint = true
      },
      text: (piece) => {
        if (inText && !inHint) text += piece
      },
      close: (tag) => {
        if (tag === 't') inText = false
        else if (tag === 'rPh') inHint = false
        if (tag !== 'si') return
        characters += text.length
        if (characters > MAX_TEXT_CHARACTERS * 2)
          throw refuse('too_large', 'The workbook holds more text than can be read at once; split it and send the parts.')
        strings.push(text)
      },
    },
    entry.name,
  )
  return strings
}
