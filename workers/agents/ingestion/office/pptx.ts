import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { refuseCorrupt } from '../refusals'
import { breathe, type InnerTools } from '../tools'
import { readXml, relationshipId } from '../xml'
import { readCharts } from './drawing-text'
import { readObjects } from './objects'
import { notePackage, type OfficePackage, openPackage } from './package'
import { SlideReader } from './slide-reader'

/** PowerPoint files: one page a slide with its title, texts, tables, charts, notes and comments, and what its master shows on it. */
export async function parsePptx(bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const draft = new Draft('pptx', detected.mediaType)
  const office = openPackage(bytes, name)
  const main = office.mainPart ?? 'ppt/presentation.xml'
  if (!office.archive.find(main)) throw refuseCorrupt(`"${name}"`)
  const slides = readSlideOrder(office, main)
  draft.note('slides', String(slides.length))
  const masters = new Set<string>()
  for (const [index, slide] of slides.entries()) {
    readSlide(draft, office, slide, masters)
    tools.progress?.(`Read slide ${index + 1} of ${slides.length}`, (index + 1) / slides.length)
    await breathe(tools)
  }
  await readObjects(draft, office, tools)
  notePackage(draft, office)
  return await draft.close(tools)
}

function readSlideOrder(office: OfficePackage, main: string): string[] {
  const relationships = office.relationships(main)
  const slides: string[] = []
  const entry = office.archive.find(main)
  const open = (tag: string, attributes: Record<string, string>) => {
    const target = tag === 'sldId' ? relationships.get(relationshipId(attributes) ?? '') : undefined
    if (target && !target.external) slides.push(target.target)
  }
  if (entry) readXml(entry.chunks(), { open }, entry.name)
  return slides
}

function readSlide(draft: Draft, office: OfficePackage, part: string, masters: Set<string>): void {
  draft.startPage()
  readShapes(draft, office, part, 'slide')
  readCharts(draft, office, part)
  for (const { type, target, external } of office.relationships(part).values()) {
    if (external) continue
    if (type === 'notesSlide') readShapes(draft, office, target, 'notes')
    else if (type === 'comments') readSlideComments(draft, office, target)
    else if (type === 'slideLayout') readMaster(draft, office, target, masters)
  }
}

/** Layout and master show their own shapes and footers on every slide; each is read once. */
function readMaster(draft: Draft, office: OfficePackage, layout: string, done: Set<string>): void {
  const master = [...office.relationships(layout).values()].find(({ type }) => type === 'slideMaster')?.target
  for (const part of [layout, master]) {
    if (part === undefined || done.has(part)) continue
    done.add(part)
    readShapes(draft, office, part, 'master')
  }
}

function readShapes(draft: Draft, office: OfficePackage, part: string, kind: 'slide' | 'notes' | 'master'): void {
  const entry = office.archive.find(part)
  if (entry) readXml(entry.chunks(), new SlideReader(draft, kind, office.relationships(part)), entry.name)
}

function readSlideComments(draft: Draft, office: OfficePackage, part: string): void {
  const entry = office.archive.find(part)
  if (entry === undefined) return
  let text: string | undefined
  readXml(
    entry.chunks(),
    {
      open: (tag) => {
        if (tag === 'text' || tag === 't') text = ''
      },
      text: (piece) => {
        if (text !== undefined) text += piece
      },
      close: (tag) => {
        if ((tag === 'text' || tag === 't') && text?.trim()) draft.add('paragraph', `Comment: ${text.trim()}`)
        if (tag === 'text' || tag === 't') text = undefined
      },
    },
    entry.name,
  )
}
