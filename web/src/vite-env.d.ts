/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Origin of the API where it is not the page's own, e.g. `https://steward.example.com`. */
  readonly VITE_API_URL?: string
}
