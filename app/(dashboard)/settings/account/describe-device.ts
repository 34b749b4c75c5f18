/** The first that fits: what calls itself Edge or Opera calls itself Chrome too, and Chrome calls itself Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/** "Firefox on Windows": what a browser says of itself, in words; a program by its own name ("curl"). */
export function describeDevice(userAgent: string | null): string {
  const said = userAgent?.trim() ?? ''
  if (said === '') return 'Unknown device'
  const browser = nameOf(BROWSERS, said)
  const system = nameOf(SYSTEMS, said)
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`
  const program = /^([\w.-]{1,40})\//.exec(said)?.[1]
  if (program === undefined || program === 'Mozilla')
    return system === undefined ? 'Unknown device' : `A browser on ${system}`
  return `A program (${program})`
}

function nameOf(names: readonly (readonly [RegExp, string])[], said: string): string | undefined {
  return names.find(([pattern]) => pattern.test(said))?.[1]
}
