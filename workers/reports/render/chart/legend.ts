import { type ChartFrame, fitText, LEGEND_SIZE, rectPath, type Shape } from './scene'

const ROW = 13
const SWATCH = 7

/** Names of the series in rows above the plot; nothing for a single series, whose name the title says. */
export function legend(names: string[], frame: ChartFrame): { shapes: Shape[]; height: number } {
  if (names.length < 2) return { shapes: [], height: 0 }
  const shapes: Shape[] = []
  let [x, row] = [0, 0]
  names.forEach((name, series) => {
    const text = fitText(name, LEGEND_SIZE, frame.width - SWATCH - 6, frame.measure)
    const width = SWATCH + 5 + frame.measure(text, LEGEND_SIZE)
    if (x > 0 && x + width > frame.width) [x, row] = [0, row + 1]
    const y = row * ROW
    shapes.push({ kind: 'path', d: rectPath(SWATCH, SWATCH), x, y: y + 1, fill: { series } })
    shapes.push({ kind: 'text', x: x + SWATCH + 5, y: y + SWATCH + 0.5, text, size: LEGEND_SIZE, anchor: 'start', paint: 'muted' })
    x += width + 14
  })
  return { shapes, height: (row + 1) * ROW + 3 }
}
