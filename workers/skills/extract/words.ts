/** A text for comparing: lower case, single blanks, no accents and punctuation; `ä` and `ae` are the same. */
export const foldWords = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/(?<=[aou])e/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
