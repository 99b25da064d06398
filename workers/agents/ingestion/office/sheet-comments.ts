import type { Draft } from '../draft'
import { attribute, readXml } from '../xml'
import type { OfficePackage } from './package'

/** Adds the comments of a sheet, each with the cell that it is about. */
export function readComments(draft: Draft, office: OfficePackage, part: string): void {
  const entry = office.archive.find(part)
  if (entry === undefined) return
  let cell = ''
  let text = ''
  let reading = false
  readXml(
    entry.chunks(),
    {
      open: (tag, attributes) => {
        if (tag === 'comment' || tag === 'threadedComment') {
          cell = attribute(attributes, 'ref') ?? ''
          text = ''
        } else if (tag === 't' || tag === 'text') reading = true
      },
      text: (piece) => {
        if (reading) text += piece
      },
      close: (tag) => {
        if (tag === 't' || tag === 'text') reading = false
        else if ((tag === 'comment' || tag === 'threadedComment') && text.trim() !== '')
          draft.add('paragraph', `Comment on ${cell}: ${text.trim()}`)
      },
    },
    entry.name,
  )
}
