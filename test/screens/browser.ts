import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const FIXED_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
/** Where Playwright keeps its browsers, by system, and the program inside. */
const PLAYWRIGHT_CACHES = [
  process.env.PLAYWRIGHT_BROWSERS_PATH,
  join(homedir(), '.cache/ms-playwright'),
  join(homedir(), 'Library/Caches/ms-playwright'),
  join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
]
const PLAYWRIGHT_PROGRAMS = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-linux/headless_shell',
  'chrome-headless-shell-linux64/chrome-headless-shell',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-win/chrome.exe',
  'chrome-win64/chrome.exe',
]

/** A Chromium of this machine: the one that CHROMIUM_PATH names, an installed one, else one of Playwright's. */
export function findBrowser(): string | undefined {
  return candidates().find((path) => existsSync(path))
}

function candidates(): string[] {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names '${named}', which does not exist; correct it or unset it.`)
    return [named]
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...onPath, ...FIXED_PLACES, ...playwrightBrowsers()]
}

function playwrightBrowsers(): string[] {
  return PLAYWRIGHT_CACHES.filter((cache): cache is string => cache !== undefined && existsSync(cache)).flatMap((cache) =>
    readdirSync(cache)
      .filter((folder) => folder.startsWith('chromium'))
      .flatMap((folder) => PLAYWRIGHT_PROGRAMS.map((program) => join(cache, folder, program))),
  )
}

/** Says loudly why the screens are not tested. In CI that is a failure: a green run there must mean that they were. */
export function requireBrowserInCi(path: string | undefined): path is string {
  if (path !== undefined) return true
  const message =
    'No Chromium found, so the screens are NOT tested. Install one (`npx playwright-core install chromium`) or set CHROMIUM_PATH.'
  if (process.env.CI) throw new Error(message)
  console.warn(`\n${'!'.repeat(message.length)}\n${message}\n${'!'.repeat(message.length)}\n`)
  return false
}

/** Starts it without a window. Without its sandbox, which containers and root do not allow; it opens our own pages only. */
export const launchBrowser = async (executablePath: string): Promise<Browser> =>
  await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
