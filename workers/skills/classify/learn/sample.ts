import type { Sample } from './terms'

/** Characters of one text that are learned from: the class of a longer one has shown by then. */
const MAX_CHARACTERS = 16_000
/** A mail in its raw form: header lines before anything else, among them one that only mails have. */
const HEADERS = /^(?:From [^\n]*\r?\n)?(?:>?[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}/
const MAIL_HEADER = /^(?:received|return-path|message-id|delivered-to|from|date):/im

/** True for a whole mail with its header lines, as it is sent. */
export function isRawMail(text: string): boolean {
  const head = HEADERS.exec(text)?.[0]
  return head !== undefined && MAIL_HEADER.test(head) && /^(?:from|to|subject|received):/im.test(text.slice(0, 8_000))
}

/** What is learned of a text, or of a mail in its raw form: then also of its headers, its build and its links. */
export async function sampleOf(text: string): Promise<Sample> {
  if (!isRawMail(text)) return { text: text.slice(0, MAX_CHARACTERS), marks: [] }
  // The mail reader weighs as much as the rest of the skill: it is loaded when the first mail comes.
  const { mailSample } = await import('./mail-sample')
  const sample = await mailSample(text)
  return { ...sample, text: sample.text.slice(0, MAX_CHARACTERS) }
}
