import type { ParsedDocument } from '../../domain/documents'
import type { Ocr } from '../../domain/models'

/** A file met inside another, before it is read. */
export interface FoundFile {
  name: string
  mediaType: string
  bytes: Uint8Array
}

/** A further stretch of a document that is too long for one part. */
export interface FurtherPart {
  /** Counted from 2. */
  number: number
  /** What it holds: `pages 2,001–4,000`. */
  label: string
  document: ParsedDocument
}

/** Who keeps what a parse finds beside the document itself; what nobody keeps is left out, and said. */
export interface Keeping {
  /** Takes a file that was met inside another (to store it) and gives the keeping for that one; undefined: nobody wants what is inside. */
  take?: ((file: FoundFile) => Promise<Keeping | undefined>) | undefined
  keepPart?: ((part: FurtherPart) => Promise<void>) | undefined
}

/** What a parse may use beside the bytes. All of it is optional; without `ocr` scanned pages stay empty with a warning. */
export interface ParseTools extends Keeping {
  ocr?: Ocr
  /** How deep in other files this one lies; 0 for an uploaded document. */
  depth?: number
  progress?: (message: string, share?: number) => void
  signal?: AbortSignal
}

/** What parsers get: the same with its defaults, and what is shared over all depths of one document. */
export interface InnerTools extends ParseTools {
  depth: number
  /** How many archives enclose this file. */
  archiveDepth: number
  /** Left over for the whole document, so that breadth times depth stays bounded. */
  budget: { embeddedFiles: number; ocrPages: number; characters: number }
  /** Parses a file met inside this one. */
  read: (bytes: Uint8Array, name: string, tools: InnerTools) => Promise<ParsedDocument>
}

export type Parser = (bytes: Uint8Array, name: string, tools: InnerTools) => Promise<ParsedDocument>

/** Gives other work a turn and ends the parse when the step was cancelled. */
export async function breathe(tools: ParseTools): Promise<void> {
  tools.signal?.throwIfAborted()
  await new Promise<void>((resolve) => setTimeout(resolve, 0))
  tools.signal?.throwIfAborted()
}
