const NAMES: Readonly<Record<string, string>> = { cpu: 'CPU', cuda: 'GPU (CUDA)' }

/** The display name of what a network ran on. */
export function nameProvider(provider: string): string {
  return Object.hasOwn(NAMES, provider) ? (NAMES[provider] ?? provider) : provider
}
