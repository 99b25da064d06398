import * as z from 'zod'
import { ClassifierReference } from '../../domain/classifiers'
import { fileKeys, fullText, type ParsedDocument, plainDocument } from '../../domain/documents'
import type { Ports } from '../../domain/ports'
import { skills } from '../../skills'
import { findClassifier } from '../../skills/classify/learn/shelf'
import { type ClassifyOutput, CustomLabel } from '../../skills/classify/schema'
import { classifyTrained } from '../../skills/classify/trained'
import type { Provenance, SkillContext } from '../../skills/skill'
import { readParsed } from './parsed'

/** What is to be classified, and by what: the built-in classes, the caller's labels, or a trained classifier. */
export const ClassifyOrder = z
  .object({
    documentId: z.string().min(1).optional(),
    /** Instead of a document. */
    text: z.string().min(1).max(100_000).optional(),
    labels: z.array(CustomLabel).min(1).optional(),
    /** `name`, or `name@version` to stay with one version. */
    classifier: ClassifierReference.optional(),
  })
  .refine(({ documentId, text }) => (documentId === undefined) !== (text === undefined), {
    path: ['documentId'],
    message: 'give a documentId or a text',
  })
  .refine(({ labels, classifier }) => labels === undefined || classifier === undefined, {
    path: ['classifier'],
    message: 'give labels or a classifier, not both',
  })
export type ClassifyOrder = z.infer<typeof ClassifyOrder>

/** Classifies as ordered. A trained classifier answers by itself, whatever models are configured. */
export async function classifyAsOrdered(
  { documentId, text, labels, classifier }: ClassifyOrder,
  context: SkillContext,
  ports: Pick<Ports, 'tenantId' | 'classifiers' | 'files' | 'encoder' | 'documentClasses'>,
): Promise<ClassifyOutput & Provenance> {
  const document = documentId === undefined ? plainDocument(text ?? '') : await readParsed(ports, documentId)
  if (classifier === undefined) {
    const named = await skills.classify.run({ document, documentId, labels }, context)
    // Labels of the caller answer another question than what kind of document it is.
    if (documentId !== undefined && labels === undefined) await ports.documentClasses?.note(documentId, named.class)
    return named
  }
  const found = await findClassifier(ports, classifier)
  const read = documentId === undefined ? (text ?? '') : await textToRead(ports, documentId, document)
  return { ...(await classifyTrained(found.classifier, document, read, ports.encoder)), provider: 'embedded', degraded: false }
}

/** Of a mail its raw form, because headers and build tell as much as words; of all else the text. */
async function textToRead(ports: Pick<Ports, 'files'>, documentId: string, document: ParsedDocument): Promise<string> {
  const original = document.format === 'eml' ? await ports.files.read(fileKeys.original(documentId)) : undefined
  return original === undefined ? fullText(document) : new TextDecoder().decode(original)
}
