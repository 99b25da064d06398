import type { ParsedDocument } from '../../../domain/documents'
import { type Archive, openArchive } from '../archive'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { MAX_OFFICE_PARTS } from '../limits'
import { refuseCorrupt, refuseEncrypted } from '../refusals'
import type { InnerTools } from '../tools'
import { attribute, readXml } from '../xml'
import { OdfReader } from './odf-reader'

/** OpenDocument texts, spreadsheets and presentations: headings, lists, tables, notes, headers and footers; a page a slide or sheet. */
export async function parseOdf(bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const archive = openArchive(bytes, `"${name}"`, MAX_OFFICE_PARTS)
  refuseEncryption(archive, name)
  const draft = new Draft('odt', detected.mediaType)
  const content = archive.find('content.xml')
  if (content === undefined) throw refuseCorrupt(`"${name}"`)
  readXml(content.chunks(), new OdfReader(draft, 'body'), content.name)
  const styles = archive.find('styles.xml')
  if (styles) readXml(styles.chunks(), new OdfReader(draft, 'master'), styles.name)
  noteMetadata(draft, archive)
  const holdsScripts = archive.entries.some((entry) => /^(Basic|Scripts)\//i.test(entry.name))
  if (holdsScripts) draft.warn('The file holds macros; they were not run.')
  draft.title(draft.document.metadata.title)
  return await draft.close(tools)
}

/** An encrypted file keeps its parts under their names; only the manifest says so. */
function refuseEncryption(archive: Archive, name: string): void {
  const manifest = archive.find('META-INF/manifest.xml')
  let encrypted = false
  const open = (tag: string) => {
    if (tag === 'encryption-data') encrypted = true
  }
  if (manifest) readXml(manifest.chunks(), { open }, manifest.name)
  if (encrypted) throw refuseEncrypted(`"${name}"`)
}

const PROPERTIES: Record<string, string> = {
  title: 'title',
  creator: 'author',
  'initial-creator': 'author',
  subject: 'subject',
  description: 'description',
  keyword: 'keywords',
  'creation-date': 'created',
  date: 'modified',
  generator: 'application',
}

function noteMetadata(draft: Draft, archive: Archive): void {
  const meta = archive.find('meta.xml')
  if (meta === undefined) return
  let text = ''
  readXml(
    meta.chunks(),
    {
      open: (tag, attributes) => {
        text = ''
        if (tag === 'document-statistic') draft.note('pages', attribute(attributes, 'page-count'))
      },
      text: (piece) => {
        text += piece
      },
      close: (tag) => {
        const key = PROPERTIES[tag]
        if (key) draft.note(key, text)
      },
    },
    meta.name,
  )
}
