/** TrueType bytes of the two weights that a PDF report embeds (Inter; Latin, Greek and Cyrillic). */
export interface FontFiles {
  regular: Uint8Array
  semibold: Uint8Array
}

/** Where the fonts come from: the bundle at run time, the disk in Node tests. */
export type LoadFonts = () => Promise<FontFiles>

let bundled: FontFiles | undefined

/** The fonts bundled with the script as data modules; `npm run assets` puts them there. Always the same arrays. */
export const bundledFonts: LoadFonts = async () => {
  const [regular, semibold] = await Promise.all([import('./fonts/inter-regular.ttf.bin'), import('./fonts/inter-semibold.ttf.bin')])
  bundled ??= { regular: new Uint8Array(regular.default), semibold: new Uint8Array(semibold.default) }
  return bundled
}
