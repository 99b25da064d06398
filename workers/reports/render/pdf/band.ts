import type { PDFImage } from 'pdf-lib'
import { fitText } from '../chart/scene'
import type { Flow } from './flow'
import { breakLines } from './inline'
import { PAGE } from './theme'

const LOGO = { width: 120, height: 44 } as const

/** The band of the first page in the tenant's colour: name, title, subtitle, logo. Grows with a long title. */
export function drawBand(flow: Flow, logo: PDFImage | undefined): void {
  const { faces, theme, report, branding, formats } = flow.parts
  const room = flow.width - (logo ? LOGO.width + 24 : 0)
  const measure = (text: string, size: number) => faces.width(text, size, 'regular')
  const title = breakLines(
    [{ text: faces.showable(report.title), style: { size: 22, weight: 'semibold', color: theme.onBrand } }],
    room,
    faces,
  ).slice(0, 4)
  const date = formats.date(report.createdAt.slice(0, 10))
  const subtitle = breakLines(
    [
      {
        text: faces.showable(report.subtitle ? `${report.subtitle} · ${date}` : date),
        style: { size: 10, weight: 'regular', color: theme.onBrandMuted },
      },
    ],
    room,
    faces,
  ).slice(0, 3)
  const height = 78 + title.length * 27 + subtitle.length * 14
  drawGround(flow, height)
  const name = fitText(faces.showable(branding.name), 10, room, measure)
  flow.pen.text(name, flow.left, 44, { size: 10, weight: 'semibold', color: theme.onBrandMuted })
  for (const [index, line] of title.entries()) flow.drawLine(line, flow.left, 72 + index * 27)
  for (const [index, line] of subtitle.entries()) flow.drawLine(line, flow.left, 67 + title.length * 27 + index * 14)
  if (logo) drawLogo(flow, logo, height)
  flow.y = height + 26
}

function drawGround({ pen, parts: { theme } }: Flow, height: number): void {
  pen.rect(0, 0, PAGE.width, height, theme.brand)
  const { width } = PAGE
  const near = `M0,${height} C${width * 0.2},${height * 0.98} ${width * 0.26},${height * 0.1} ${width * 0.52},${height * 0.16} C${width * 0.72},${height * 0.2} ${width * 0.8},${height * 0.5} ${width},${height * 0.3} L${width},${height} Z`
  const far = `M${width * 0.44},${height} C${width * 0.62},${height * 0.9} ${width * 0.7},${height * 0.46} ${width},${height * 0.62} L${width},${height} Z`
  for (const wave of [near, far]) pen.path(wave, 0, 0, { fill: theme.brandShade, opacity: 0.6 })
}

/** On a white plate, because nobody knows which background a logo was drawn for. */
function drawLogo({ pen }: Flow, logo: PDFImage, height: number): void {
  const scale = Math.min(LOGO.width / logo.width, LOGO.height / logo.height)
  const [width, tall] = [logo.width * scale, logo.height * scale]
  const [x, y] = [PAGE.width - PAGE.margin - width - 10, (height - tall) / 2]
  pen.roundRect(x - 10, y - 8, width + 20, tall + 16, 6, { fill: '#ffffff' })
  pen.image(logo, x, y, width, tall)
}
