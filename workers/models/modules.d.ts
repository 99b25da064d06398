/** What the bundler rules of wrangler.toml make of files that are not code. */
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
declare module '*.bin' {
  const bytes: ArrayBuffer
  export default bytes
}
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  const createCore: (options: import('./tesseract-core').TesseractOptions) => Promise<import('./tesseract-core').TesseractCore>
  export default createCore
}
