/** Runs of what FTS5's unicode61 tokenizer takes for parts of a word. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
/** A query is a question or a few sentences; a pasted page would only make the search slow. */
const MAX_WORDS = 48
const MAX_CHARACTERS = 4_000

/** Words that occur in nearly every passage of an English or German text: they cost time and tell passages apart by nothing. */
const FREQUENT_WORDS = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its me my no not of on or our ' +
    'she so than that the their them then there these they this those to was we were what when where which who whom why will with would you your ' +
    'aber als am an auch auf aus bei bin bis das dass dem den der des die dies diese dieser durch ein eine einem einen einer eines er es für hat ' +
    'ich ihr im in ist mit nach nicht noch oder sich sie sind so über um und uns unter vom von vor war was wenn wer werden wie wir wird zu zum zur'
  ).split(' '),
)

/**
 * An FTS5 MATCH expression that finds passages with any word of the text, or undefined when the text holds no word.
 * Every word is a quoted string, so nothing that a user writes (quotes, AND, NEAR, *, column:) has a meaning to FTS5.
 */
export function toMatchQuery(text: string): string | undefined {
  const words = text.slice(0, MAX_CHARACTERS).normalize('NFC').toLowerCase().match(WORD) ?? []
  const telling = words.filter((word) => !FREQUENT_WORDS.has(word))
  const chosen = new Set(telling.length > 0 ? telling : words)
  if (chosen.size === 0) return undefined
  return Array.from(chosen)
    .slice(0, MAX_WORDS)
    .map((word) => `"${word}"`)
    .join(' OR ')
}
