import Papa from 'papaparse'
import { CLASSIFIER_LIMITS, LabelledExample } from '../../../domain/classifiers'
import { AppError } from '../../../domain/error'

const MAX_PROBLEMS = 20

/**
 * The examples of a file: JSON Lines or a JSON array of `{text, label, group?}`, or CSV with a header row of these names. An empty
 * label or null is an example of what is none of the labels. Refuses `invalid`, naming lines, and `too_large`.
 */
export function readExamples(file: string): LabelledExample[] {
  const text = file.replace(/^\uFEFF/, '').trim()
  const rows = text.startsWith('[') ? jsonRows(text) : text.startsWith('{') ? lineRows(text) : csvRows(text)
  const problems: { path: string; message: string; line?: number }[] = []
  const examples = rows.flatMap(({ value, line }) => {
    const parsed = LabelledExample.safeParse(value)
    if (parsed.success) return [parsed.data]
    const [issue] = parsed.error.issues
    problems.push({ path: issue?.path.join('.') ?? '', message: issue?.message ?? 'does not fit', line })
    return []
  })
  if (problems.length > 0) {
    const [first] = problems
    throw new AppError(
      'invalid',
      `${problems.length} examples do not fit; the first in line ${first?.line}: ${first?.path} ${first?.message}.`,
      {
        problems: problems.slice(0, MAX_PROBLEMS),
      },
    )
  }
  return checkExamples(examples)
}

/** The examples, when they are within what one classifier may learn from. Refuses `too_large` and `invalid`. */
export function checkExamples(examples: LabelledExample[]): LabelledExample[] {
  const { examples: most, labels: mostLabels, totalCharacters } = CLASSIFIER_LIMITS
  if (examples.length > most)
    throw new AppError('too_large', `There are ${examples.length} examples; a classifier learns from at most ${most}.`)
  const labels = new Set(examples.map(({ label }) => label).filter((label) => label !== null))
  if (labels.size < 2) throw new AppError('invalid', 'A classifier needs examples of at least two labels; add some of another.')
  if (labels.size > mostLabels) throw new AppError('too_large', `There are ${labels.size} labels; a classifier has at most ${mostLabels}.`)
  const characters = examples.reduce((sum, { text }) => sum + text.length, 0)
  if (characters > totalCharacters)
    throw new AppError(
      'too_large',
      `The examples have ${characters} characters; all together may have ${totalCharacters}: shorten the longest.`,
    )
  return examples
}

interface Row {
  value: unknown
  line: number
}

function jsonRows(text: string): Row[] {
  const value = parseJson(text, 1)
  if (!Array.isArray(value)) throw new AppError('invalid', 'The file is no JSON array of examples.')
  return value.map((item, index) => ({ value: item, line: index + 1 }))
}

const lineRows = (text: string): Row[] =>
  text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ value: parseJson(line, index + 1), line: index + 1 }]))

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('invalid', `Line ${line} is no JSON: write one example {"text": …, "label": …} a line.`, { cause })
  }
}

function csvRows(text: string): Row[] {
  const { data, errors, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    transformHeader: (name) => name.trim().toLowerCase(),
  })
  const [error] = errors.filter(({ type }) => type !== 'Delimiter')
  if (error) throw new AppError('invalid', `The CSV cannot be read in row ${(error.row ?? 0) + 1}: ${error.message}.`)
  for (const column of ['text', 'label'])
    if (!meta.fields?.includes(column))
      throw new AppError('invalid', `The CSV has no column '${column}'; its first row must name text and label.`)
  return data.map(({ text: body, label, group }, index) => ({
    value: { text: body, label: label?.trim() ? label : null, ...(group?.trim() && { group }) },
    line: index + 2,
  }))
}
