import type { Page, ParsedDocument } from '../../domain/documents'

/**
 * The pages without a mail's header lines, which say who wrote to whom and not what about: blanked, so that every place stays the same.
 * Pages of other formats, and of mails that hold nothing else, are given as they are.
 */
export function bodyPages(document: ParsedDocument): Page[] {
  if (document.format !== 'eml') return document.pages
  const bodies = document.pages.map((page) => {
    const headers = document.blocks.filter((block) => block.kind === 'header' && block.page === page.number)
    const text = headers.reduce((rest, { start, end }) => `${rest.slice(0, start)}${'\n'.repeat(end - start)}${rest.slice(end)}`, page.text)
    return { ...page, text }
  })
  return bodies.some(({ text }) => /\p{L}/u.test(text)) ? bodies : document.pages
}
