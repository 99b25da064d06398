/** An image as a PDF holds it: rows from the top. */
export interface Raster {
  width: number
  height: number
  channels: 1 | 3 | 4
  data: Uint8Array | Uint8ClampedArray
}

/** Longest side handed to OCR: an A4 page at 220 dots per inch. */
const MAX_SIDE = 2_600

export interface GreyRaster {
  width: number
  height: number
  data: Uint8Array
}

/** Makes a small grey image of a scan, turned the way the page is shown: OCR needs no colours, and memory is scarce. */
export function toUprightGrey(image: Raster, rotation: number): GreyRaster {
  const step = Math.max(1, Math.ceil(Math.max(image.width, image.height) / MAX_SIDE))
  const width = Math.max(1, Math.floor(image.width / step))
  const height = Math.max(1, Math.floor(image.height / step))
  const turned = rotation === 90 || rotation === 270
  const grey: GreyRaster = { width: turned ? height : width, height: turned ? width : height, data: new Uint8Array(width * height) }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) grey.data[placeOf(x, y, width, height, rotation)] = averageGrey(image, x * step, y * step, step)
  }
  return grey
}

function placeOf(x: number, y: number, width: number, height: number, rotation: number): number {
  if (rotation === 90) return x * height + (height - 1 - y)
  if (rotation === 180) return (height - 1 - y) * width + (width - 1 - x)
  if (rotation === 270) return (width - 1 - x) * height + y
  return y * width + x
}

function averageGrey(image: Raster, left: number, top: number, step: number): number {
  let sum = 0
  for (let y = top; y < top + step; y++) {
    for (let x = left; x < left + step; x++) {
      const at = (y * image.width + x) * image.channels
      const red = image.data[at] ?? 255
      sum += image.channels === 1 ? red : red * 0.3 + (image.data[at + 1] ?? 255) * 0.59 + (image.data[at + 2] ?? 255) * 0.11
    }
  }
  return sum / (step * step)
}
