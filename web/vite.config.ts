import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pdfFiles } from './build/pdf-files.ts'
import { securityHeaders } from './build/security-headers.ts'

/** Builds the dashboard into web/dist. `VITE_API_URL` names another origin of the API; without it the page's own origin answers. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react(), tailwindcss(), pdfFiles(), securityHeaders(process.env.VITE_API_URL)],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8787', ws: true }, '/auth': 'http://127.0.0.1:8787' } },
})
