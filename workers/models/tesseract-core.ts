/** The part of tesseract.js-core that OCR uses; the package ships no types. */
export interface TesseractApi {
  Init(path: string, language: string, engine: number): number
  SetVariable(name: string, value: string): boolean
  SetPageSegMode(mode: number): void
  SetImageFile(exifOrientation: number, angle: number): number
  /** Writes the image that was set to `/image.png`; kind 1 is grey. */
  WriteImage(kind: number): void
  Recognize(monitor: null): number
  GetTSVText(page: number): string
  MeanTextConf(): number
  Clear(): void
  End(): void
}

export interface TesseractCore {
  FS: { writeFile(path: string, bytes: Uint8Array): void; readFile(path: string): Uint8Array; unlink(path: string): void }
  TessBaseAPI: new () => TesseractApi
  destroy(object: TesseractApi): void
}

export interface TesseractOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports
  print(line: string): void
  printErr(line: string): void
}
