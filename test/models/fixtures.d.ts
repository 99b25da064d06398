/** Vite hands a file over as a data URL. */
declare module '*.png?inline' {
  const dataUrl: string
  export default dataUrl
}
