const NAMES: Readonly<Record<string, string>> = { cpu: 'CPU', cuda: 'GPU (CUDA)' }

/** What a network was executed by, as people say it. */
export function nameProvider(provider: string): string {
  return Object.hasOwn(NAMES, provider) ? (NAMES[provider] ?? provider) : provider
}
