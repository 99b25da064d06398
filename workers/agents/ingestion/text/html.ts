import type { ParsedDocument } from '../../../domain/documents'
import { decodeText } from '../charset'
import { Draft } from '../draft'
import type { InnerTools } from '../tools'
import { HtmlReader } from './html-reader'

/** HTML: the text that a reader sees, by block. Scripts, styles, forms' hidden parts and `srcdoc` frames give nothing; nothing is fetched. */
export async function parseHtml(bytes: Uint8Array, _name: string, tools: InnerTools): Promise<ParsedDocument> {
  const draft = new Draft('html', 'text/html')
  const { text, encoding } = decodeText(bytes, declaredCharset(bytes))
  draft.note('encoding', encoding)
  readHtml(draft, text)
  return await draft.close(tools)
}

/** Adds what is readable in HTML to the draft's current page. */
export function readHtml(draft: Draft, html: string): void {
  new HtmlReader(draft).read(html)
}

/** The charset of a `<meta>` tag within the first 2 KB. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 2048))
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1]
}
