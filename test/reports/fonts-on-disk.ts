import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadFonts } from '../../workers/reports/render/fonts'

const inter = join(import.meta.dirname, '../../node_modules/@expo-google-fonts/inter')

/** The bundled fonts as Node reads them: there is no bundler here that knows data modules. */
export const fontsOnDisk: LoadFonts = async () => ({
  regular: new Uint8Array(await readFile(join(inter, '400Regular/Inter_400Regular.ttf'))),
  semibold: new Uint8Array(await readFile(join(inter, '600SemiBold/Inter_600SemiBold.ttf'))),
})
