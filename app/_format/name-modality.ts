const NAMES: Readonly<Record<string, string>> = { 'chest-xray': 'Chest X-ray', oct: 'OCT' }

/** A modality as people say it. */
export function nameModality(modality: string): string {
  return Object.hasOwn(NAMES, modality) ? (NAMES[modality] ?? modality) : modality
}
