import type { XmlElement } from './xml-tree'

const LINE = /^(?<indent>(?: {2})*)(?<name>[\p{L}_][\p{L}\p{N}_.-]*)(?:: (?<value>.*))?$/u
/** Ingestion writes a value's unit or currency after it. */
const WITH_UNIT = /^(?<number>-?\d+(?:\.\d+)?) (?<unit>\S{1,8})$/
/** Elements that may carry one; `4711 13` in an identifier is no quantity. */
const MEASURED = /(?:Amount|Quantity|Measure)$/

/** The tree behind the text form that ingestion gives XML: one element a line, `Name: value`, indented by two spaces a level. */
export function parseOutline(text: string): XmlElement | undefined {
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] }
  const stack = [root]
  for (const line of text.split('\n')) {
    const groups = LINE.exec(line.trimEnd())?.groups
    if (!groups) continue
    const depth = (groups.indent ?? '').length / 2
    const parent = stack[Math.min(depth, stack.length - 1)]
    if (!parent) continue
    const measured = MEASURED.test(groups.name ?? '') ? WITH_UNIT.exec(groups.value ?? '')?.groups : undefined
    const element: XmlElement = {
      name: groups.name ?? '',
      attributes: measured?.unit ? { unitCode: measured.unit } : {},
      text: measured?.number ?? groups.value ?? '',
      children: [],
    }
    parent.children.push(element)
    stack.length = Math.min(depth, stack.length - 1) + 1
    stack.push(element)
  }
  return root.children[0]
}
