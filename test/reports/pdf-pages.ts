import { extractText, getDocumentProxy, getMeta } from 'unpdf'

/** The text of each page, as a reader program finds it. */
export async function pdfPages(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false })
  return text
}

export async function pdfInfo(bytes: Uint8Array): Promise<Record<string, unknown>> {
  return (await getMeta(await getDocumentProxy(bytes.slice()))).info
}

/** Pages that the `[n]` marks and other links of a page lead to. */
export async function pdfLinks(bytes: Uint8Array, page: number): Promise<number[]> {
  const document = await getDocumentProxy(bytes.slice())
  const annotations: { subtype: string; dest?: [{ num: number; gen: number }] }[] = await (await document.getPage(page)).getAnnotations()
  const links = annotations.filter((annotation) => annotation.subtype === 'Link')
  return Promise.all(links.flatMap((link) => (link.dest ? [document.getPageIndex(link.dest[0]).then((index) => index + 1)] : [])))
}
