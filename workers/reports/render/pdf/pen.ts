import {
  beginText,
  endText,
  type PDFFont,
  type PDFImage,
  type PDFName,
  type PDFPage,
  rgb,
  setFillingRgbColor,
  setFontAndSize,
  setTextMatrix,
  showText,
} from 'pdf-lib'
import { rgbOf } from '../palette'
import type { Faces, Weight } from './faces'

export interface TextStyle {
  size: number
  weight: Weight
  /** #rrggbb */
  color: string
  /** Points above the baseline. */
  rise?: number
}

export interface Stroke {
  fill?: string
  stroke?: string
  strokeWidth?: number
  opacity?: number
}

const colorOf = (hex: string) => rgb(...rgbOf(hex))

/** Draws on one page. Coordinates are points from the top left, y downwards; texts stand on their baseline. */
export class Pen {
  readonly page: PDFPage
  readonly #faces: Faces
  readonly #height: number
  /** A page lists each font once, however often the text changes weight. */
  readonly #fontKeys = new Map<PDFFont, PDFName>()

  constructor(page: PDFPage, faces: Faces) {
    this.page = page
    this.#faces = faces
    this.#height = page.getHeight()
  }

  text(text: string, x: number, baseline: number, style: TextStyle): void {
    if (text === '') return
    this.page.pushOperators(
      beginText(),
      setFillingRgbColor(...rgbOf(style.color)),
      setFontAndSize(this.#fontKey(style.weight), style.size),
      setTextMatrix(1, 0, 0, 1, x, this.#height - baseline + (style.rise ?? 0)),
      showText(this.#faces.encode(text, style.weight)),
      endText(),
    )
  }

  textRight(text: string, right: number, baseline: number, style: TextStyle): void {
    this.text(text, right - this.#faces.width(text, style.size, style.weight), baseline, style)
  }

  rect(x: number, y: number, width: number, height: number, fill: string, opacity?: number): void {
    this.page.drawRectangle({
      x,
      y: this.#height - y - height,
      width,
      height,
      color: colorOf(fill),
      ...(opacity !== undefined && { opacity }),
    })
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number, stroke: Stroke): void {
    const r = Math.min(radius, width / 2, height / 2)
    const d = `M${r},0 H${width - r} A${r},${r} 0 0 1 ${width},${r} V${height - r} A${r},${r} 0 0 1 ${width - r},${height} H${r} A${r},${r} 0 0 1 0,${height - r} V${r} A${r},${r} 0 0 1 ${r},0 Z`
    this.path(d, x, y, stroke)
  }

  line(x1: number, y1: number, x2: number, y2: number, color: string, thickness: number): void {
    this.page.drawLine({ start: { x: x1, y: this.#height - y1 }, end: { x: x2, y: this.#height - y2 }, thickness, color: colorOf(color) })
  }

  circle(x: number, y: number, size: number, fill: string, stroke: string, strokeWidth: number): void {
    this.page.drawCircle({ x, y: this.#height - y, size, color: colorOf(fill), borderColor: colorOf(stroke), borderWidth: strokeWidth })
  }

  /** SVG path data relative to (x, y). */
  path(d: string, x: number, y: number, { fill, stroke, strokeWidth, opacity }: Stroke): void {
    this.page.drawSvgPath(d, {
      x,
      y: this.#height - y,
      ...(fill !== undefined && { color: colorOf(fill) }),
      ...(stroke !== undefined && { borderColor: colorOf(stroke), borderWidth: strokeWidth ?? 1 }),
      ...(opacity !== undefined && { opacity }),
    })
  }

  image(image: PDFImage, x: number, y: number, width: number, height: number): void {
    this.page.drawImage(image, { x, y: this.#height - y - height, width, height })
  }

  #fontKey(weight: Weight): PDFName {
    const font = this.#faces.font(weight)
    const key = this.#fontKeys.get(font) ?? this.page.node.newFontDictionary(font.name, font.ref)
    this.#fontKeys.set(font, key)
    return key
  }
}
