import type { PDFDocument } from 'pdf-lib'
import type { Branding, Report } from '../../../domain/reports'
import { citeMarks } from '../cells'
import type { Formats } from '../formats'
import type { Words } from '../words'
import type { Faces } from './faces'
import type { Line, Piece } from './inline'
import { Pen, type TextStyle } from './pen'
import { CONTENT_WIDTH, PAGE, type Theme } from './theme'

/** Where a `[n]` was drawn, so that it can lead to its source once the sources have their place. */
export interface CiteMark {
  pen: Pen
  index: number
  x: number
  top: number
  width: number
  height: number
}

export interface FlowParts {
  document: PDFDocument
  report: Report
  branding: Branding
  faces: Faces
  theme: Theme
  formats: Formats
  words: Words
}

/** The growing document: pages, and the place `y` on the last one where the next block starts. */
export class Flow {
  readonly parts: FlowParts
  readonly pens: Pen[] = []
  readonly marks: CiteMark[] = []
  y: number = PAGE.top
  readonly left = PAGE.margin
  readonly width = CONTENT_WIDTH

  constructor(parts: FlowParts) {
    this.parts = parts
    this.#addPage()
  }

  get pen(): Pen {
    const pen = this.pens[this.pens.length - 1]
    if (!pen) throw new Error('a flow always has a page')
    return pen
  }

  /** Height left on this page. */
  get room(): number {
    return PAGE.height - PAGE.bottom - this.y
  }

  /** Goes on to a new page unless `height` is left on this one. True when it did. */
  ensure(height: number): boolean {
    if (height <= this.room) return false
    this.breakPage()
    return true
  }

  breakPage(): void {
    this.#addPage()
    this.#runningHead()
    this.y = PAGE.top
  }

  /** Text with the `[n]` marks of its sources, ready to be broken into lines. */
  pieces(text: string, style: TextStyle, cite?: number[]): Piece[] {
    const mark: TextStyle = { size: style.size * 0.72, weight: 'semibold', color: this.parts.theme.brandText, rise: style.size * 0.3 }
    const marks = citeMarks(cite, this.parts.report.citations).map((index): Piece => ({ text: `[${index + 1}]`, style: mark, cite: index }))
    return [{ text: this.parts.faces.showable(text), style }, ...marks]
  }

  /** Draws one broken line with its left end at `x`; `right` aligns its right end instead. */
  drawLine(line: Line, x: number, baseline: number, right?: number): void {
    const start = right === undefined ? x : right - line.width
    for (const fragment of line.fragments) {
      this.pen.text(fragment.text, start + fragment.x, baseline, fragment.style)
      if (fragment.cite === undefined) continue
      const height = fragment.style.size * 1.3
      this.marks.push({
        pen: this.pen,
        index: fragment.cite,
        x: start + fragment.x,
        top: baseline - (fragment.style.rise ?? 0) - fragment.style.size,
        width: fragment.width,
        height,
      })
    }
  }

  #addPage(): void {
    this.pens.push(new Pen(this.parts.document.addPage([PAGE.width, PAGE.height]), this.parts.faces))
  }

  #runningHead(): void {
    const { faces, theme, report, branding } = this.parts
    const style = { size: 8, color: theme.muted } as const
    this.pen.text(faces.showable(report.title), PAGE.margin, 34, { ...style, weight: 'semibold' })
    const tenant = faces.showable(branding.name)
    if (faces.width(report.title + tenant, 8, 'semibold') < CONTENT_WIDTH - 20)
      this.pen.textRight(tenant, PAGE.width - PAGE.margin, 34, { ...style, weight: 'regular' })
    this.pen.line(PAGE.margin, 42, PAGE.width - PAGE.margin, 42, theme.line, 0.6)
  }
}
