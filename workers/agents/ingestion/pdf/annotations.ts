import type { PDFPageProxy } from 'unpdf/pdfjs'

/** What people wrote onto a page and what its form fields hold, one text each, leaving out what the page shows anyway. */
export async function noteTexts(page: Pick<PDFPageProxy, 'getAnnotations'>, shown: string): Promise<string[]> {
  const annotations: Annotation[] = await page.getAnnotations()
  const texts = annotations.map((annotation) => (annotation.subtype === 'Widget' ? fieldText(annotation) : noteText(annotation)))
  return [...new Set(texts)].filter((text) => text !== '' && !shown.includes(text))
}

/** The members of pdf.js annotations that are read here; each may be missing. */
interface Annotation {
  subtype?: string
  fieldName?: string
  fieldType?: string
  fieldValue?: unknown
  titleObj?: { str?: string }
  contentsObj?: { str?: string }
  textContent?: string[]
}

function fieldText({ fieldName, fieldType, fieldValue }: Annotation): string {
  const value = Array.isArray(fieldValue) ? fieldValue.join(', ') : typeof fieldValue === 'string' ? fieldValue : ''
  return fieldName && value.trim() !== '' && !(fieldType === 'Btn' && value === 'Off') ? `${fieldName}: ${value}` : ''
}

function noteText({ titleObj, contentsObj, textContent }: Annotation): string {
  const content = [contentsObj?.str, ...(textContent ?? [])]
    .filter((text) => text?.trim())
    .join('\n')
    .trim()
  if (content === '') return ''
  return titleObj?.str ? `Note by ${titleObj.str}: ${content}` : `Note: ${content}`
}
