import { fileKeys, ParsedDocument } from '../../workers/domain/documents'
import type { Origin, UntrustedText } from '../../workers/domain/guardrails'
import type { Ports } from '../../workers/domain/ports'

/** Larger parsed forms are not searched for quotes: the object has one isolate's memory for everything. */
const MAX_PARSED_BYTES = 4 * 1024 * 1024

/** A document that a step read: where a person finds it, and its text by page when it could be read. */
export interface Source {
  origin: Origin
  texts: UntrustedText[]
}

/** The documents that untrusted arguments come from. What cannot be read is named without its text: the decision does not hang on it. */
export class Sources {
  constructor(private readonly ports: () => Pick<Ports, 'documents' | 'files'>) {}

  async describe(documentId: string): Promise<Source> {
    const bare: Origin = { kind: 'document', id: documentId }
    try {
      const record = await this.ports().documents.find(documentId)
      const origin: Origin = record ? { kind: record.source === 'email' ? 'mail' : 'document', id: documentId, label: record.name } : bare
      return { origin, texts: await this.textsOf(origin) }
    } catch (thrown) {
      console.warn(JSON.stringify({ message: 'the source of an argument could not be read', documentId, error: String(thrown) }))
      return { origin: bare, texts: [] }
    }
  }

  private async textsOf(origin: Origin): Promise<UntrustedText[]> {
    const file = await this.ports().files.stream(fileKeys.parsed(origin.id))
    if (file === undefined) return []
    if (file.size > MAX_PARSED_BYTES) {
      await file.body.cancel()
      return []
    }
    const parsed = ParsedDocument.pick({ pages: true }).parse(await new Response(file.body).json())
    return parsed.pages.map(({ number, text }) => ({ text, origin: { ...origin, page: number } }))
  }
}
