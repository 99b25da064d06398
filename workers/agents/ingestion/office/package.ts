import { type Archive, type ArchiveEntry, openArchive } from '../archive'
import type { Draft } from '../draft'
import { MAX_OFFICE_PARTS } from '../limits'
import { attribute, readXml } from '../xml'

export interface Relationship {
  id: string
  /** The last part of the type's URI: `hyperlink`, `image`, `header`, … */
  type: string
  /** A part's path in the package, or the URL where `external`. */
  target: string
  external: boolean
}

/** An OOXML file as its parts and the relationships between them. */
export interface OfficePackage {
  archive: Archive
  /** Relationships of a part; none where it has none. */
  relationships(part: string): Map<string, Relationship>
  /** The part that the package says is the main one. */
  mainPart: string | undefined
  /** Parts whose path fits, in natural order (slide2 before slide10). */
  parts(pattern: RegExp): ArchiveEntry[]
}

export function openPackage(bytes: Uint8Array, name: string): OfficePackage {
  const archive = openArchive(bytes, `"${name}"`, MAX_OFFICE_PARTS)
  const relationships = (part: string): Map<string, Relationship> => readRelationships(archive, part)
  const main = [...relationships('').values()].find(({ type }) => type === 'officeDocument')
  const parts = (pattern: RegExp) =>
    archive.entries.filter((entry) => pattern.test(entry.name)).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  return { archive, relationships, mainPart: main?.target, parts }
}

function readRelationships(archive: Archive, part: string): Map<string, Relationship> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const found = new Map<string, Relationship>()
  const entry = archive.find(`${folder}_rels/${part.slice(folder.length)}.rels`)
  if (entry === undefined) return found
  const open = (tag: string, attributes: Record<string, string>) => {
    if (tag !== 'Relationship') return
    const id = attribute(attributes, 'Id') ?? ''
    const external = attribute(attributes, 'TargetMode') === 'External'
    const target = attribute(attributes, 'Target') ?? ''
    found.set(id, {
      id,
      type: attribute(attributes, 'Type')?.split('/').pop() ?? '',
      target: external ? target : resolvePath(folder, target),
      external,
    })
  }
  readXml(entry.chunks(), { open }, entry.name)
  return found
}

/** A path relative to a folder, as a path in the package. */
export function resolvePath(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const parts = folder.split('/').filter(Boolean)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

const CORE_PROPERTIES: Record<string, string> = {
  title: 'title',
  creator: 'author',
  subject: 'subject',
  keywords: 'keywords',
  description: 'description',
  created: 'created',
  modified: 'modified',
  lastModifiedBy: 'lastModifiedBy',
  category: 'category',
  Company: 'company',
  Application: 'application',
  language: 'language',
}

/** Notes title, author, dates and the like, and warns of macros and of content that lies elsewhere (never fetched). */
export function notePackage(draft: Draft, office: OfficePackage): void {
  for (const part of ['docProps/core.xml', 'docProps/app.xml']) {
    const entry = office.archive.find(part)
    let text = ''
    if (!entry) continue
    readXml(
      entry.chunks(),
      {
        open: () => {
          text = ''
        },
        text: (piece) => {
          text += piece
        },
        close: (tag) => {
          const key = CORE_PROPERTIES[tag]
          if (key) draft.note(key, text)
          text = ''
        },
      },
      entry.name,
    )
  }
  draft.title(draft.document.metadata.title)
  if (office.parts(/vbaProject\.bin$|\/macrosheets\//i).length > 0) draft.warn('The file holds macros; they were not run.')
  if (office.parts(/\/activeX\//i).length > 0) draft.warn('The file holds ActiveX controls; they were not run.')
  for (const rels of office.parts(/_rels\/[^/]*\.rels$/)) {
    const part = rels.name.replace(/_rels\/([^/]*)\.rels$/, '$1')
    for (const { type, target, external } of office.relationships(part).values())
      if (external && type !== 'hyperlink') noteExternal(draft, target)
  }
}

/** Records content that lies outside the file. It is never fetched. */
export function noteExternal(draft: Draft, url: string): void {
  draft.warn(`The file refers to content elsewhere, which was not fetched: ${url.slice(0, 300)}`)
}
