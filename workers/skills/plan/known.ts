import type { Json } from '../../domain/json'

/** What earlier steps have found, as expressions that later steps can read. Keys are operations; values ids of steps. */
export class Known {
  private constructor(private readonly steps: ReadonlyMap<string, string>) {}

  static readonly nothing = new Known(new Map())

  with(operation: string, id: string): Known {
    return new Known(new Map([...this.steps, [operation, id]]))
  }

  has(operation: string): boolean {
    return this.steps.has(operation)
  }

  stepOf(operation: string): string | undefined {
    return this.steps.get(operation)
  }

  /** `steps.<id>.output`, followed by a path. */
  output(operation: string, path = ''): string {
    return `steps.${this.steps.get(operation)}.output${path}`
  }

  /** The same as a whole value. */
  value(operation: string, path = ''): string {
    return `\${{ ${this.output(operation, path)} }}`
  }

  /** A mail's lines about all that is known, as Liquid. */
  text(fallback: string): string {
    const own = WRITTEN.find((operation) => this.has(operation))
    if (own !== undefined) return `{{ ${this.output(own)}.${own === 'analysis.answer' ? 'answer' : 'text'} }}`
    const parts = MAIL_PARTS.flatMap(([operation, part]) => (this.has(operation) ? [part(this.output(operation))] : []))
    return parts.length > 0 ? parts.join('\n') : fallback
  }

  /** A message's members about all that is known. */
  members(): Record<string, Json> {
    return Object.fromEntries(
      MESSAGE_PARTS.flatMap(([operation, name, expression]) =>
        this.has(operation) ? [[name, `\${{ ${expression(this.output(operation))} }}`]] : [],
      ),
    )
  }
}

type Part = readonly [operation: string, write: (output: string) => string]

const listed = (list: string, line: string): string => `{% for each in ${list} %}- ${line}\n{% endfor %}`

/** Texts that were written to be sent: what was found beside them is not for their reader. */
const WRITTEN = ['analysis.draft', 'analysis.rewrite', 'analysis.answer']

const MAIL_PARTS: readonly Part[] = [
  ['analysis.compare', (output) => `{{ ${output}.summary }}`],
  ['analysis.summarise', (output) => `{{ ${output}.summary }}`],
  ['analysis.classify', (output) => `Class: {{ ${output}.class }}`],
  ['analysis.extract', (output) => listed(`${output}.fields`, '{{ each.name }}: {{ each.value }}')],
  ['analysis.sentiment', (output) => `Opinion: {{ ${output}.sentiment }}`],
  ['analysis.entities', (output) => listed(`${output}.entities`, '{{ each.text }} ({{ each.type }})')],
  ['analysis.relations', (output) => listed(`${output}.relations`, '{{ each.head.name }} {{ each.type }} {{ each.tail.name }}')],
  ['analysis.tags', (output) => `{{ ${output}.tags | map: "tag" | join: ", " }}`],
  ['quality.check', (output) => listed(`${output}.checks`, '{% if each.passed %}passed{% else %}FAILED{% endif %}: {{ each.reason }}')],
  ['analysis.digest', (output) => listed(`${output}.mails`, '{{ each.subject }} ({{ each.from }}): {{ each.summary | truncate: 160 }}')],
]

const MESSAGE_PARTS: readonly (readonly [operation: string, name: string, expression: (output: string) => string])[] = [
  ['analysis.classify', 'class', (output) => `default(${output}.class, null)`],
  ['analysis.extract', 'fields', (output) => `default(${output}.fields, []).map(f, {"name": f.name, "value": f.normalized})`],
  ['analysis.summarise', 'summary', (output) => `default(${output}.summary, null)`],
  ['analysis.sentiment', 'sentiment', (output) => `default(${output}.sentiment, null)`],
  ['analysis.tags', 'tags', (output) => `default(${output}.tags, []).map(t, t.tag)`],
  ['analysis.entities', 'entities', (output) => `default(${output}.entities, []).map(e, {"text": e.text, "type": e.type})`],
  [
    'analysis.relations',
    'relations',
    (output) => `default(${output}.relations, []).map(r, {"type": r.type, "head": r.head.name, "tail": r.tail.name})`,
  ],
  ['analysis.pii', 'pages', (output) => `default(${output}.masked.pages, [])`],
  ['analysis.answer', 'answer', (output) => `default(${output}.answer, null)`],
  ['analysis.compare', 'changes', (output) => `default(${output}.summary, null)`],
  ['analysis.draft', 'draft', (output) => `default(${output}.text, null)`],
  ['analysis.rewrite', 'text', (output) => `default(${output}.text, null)`],
  ['quality.check', 'quality', (output) => `default(${output}.score, null)`],
]
